"""What each customer of the demo tends to buy, where, when and at what price.

Habits are planted so that there is something to distil from purchases. They are a
function of the customer alone: the opening history and the daily sales share them.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from warehouse.demo.chance import Chance, Flags, Integers, Reals
from warehouse.demo.goods import CATEGORIES, OPEN_SHOPS, Goods
from warehouse.demo.population import Population
from warehouse.demo.vocabulary import CITIES

REGULAR, OCCASIONAL, SEASONAL, LAPSED = range(4)
RHYTHM_SHARES = {REGULAR: 35, OCCASIONAL: 35, SEASONAL: 15, LAPSED: 15}
RHYTHM_RATES = np.array([1.7, 0.6, 0.6, 0.8])
"""How often who has each rhythm buys, against the average customer; 1 on the whole."""
FAVOURITE_PRODUCT_PCT = 20
FAVOURITE_CATEGORY_PCT = 40
"""Of a customer's lines, how many are the favourite product, or else its category."""
FAVOURITE_SHOP_PCT = 80
WEEKEND_PCT = 40
"""Customers who shop on Saturday or Sunday."""
SENSITIVE_PCT = 20
"""Customers who buy what is marked down whenever they can."""
DISCOUNTED_PCT, DISCOUNTED_FOR_SENSITIVE_PCT = 12, 60
"""Of the lines of a customer of either kind, how many are bought at a discount."""
BULK_LIMIT = 9
"""An organisation buys up to this many times what a person would."""
OFFICE_GOODS = ["Paper", "Toner", "Desks"]
OFFICE_PCT = 60
OFFICE_MEANING = (
    f"Of a hundred organisations, who like best one of {', '.join(OFFICE_GOODS)}."
)
COMPANIONS = {0: 60, 1: 61, 2: 62}
"""Ordinals of products, and of those that go with them into the same basket."""
COMPANION_PCT = 50

NOBODY = -1
"""The buyer of an order that names no customer."""


@dataclass(frozen=True)
class Habits:
    """The habits of the customers of the made-up company.

    Attributes:
        people: The customers.
        goods: What they buy.
    """

    people: Population
    goods: Goods

    @property
    def _chance(self) -> Chance:
        return self.people.chance

    def rhythm(self, index: Integers) -> Integers:
        """Return how each customer's purchases are spread over time."""
        return self._chance.weighted(index, "rhythm", list(RHYTHM_SHARES.values()))

    def has_lapsed(self, index: Integers) -> Flags:
        """Return who bought once, and does so no more."""
        flags: Flags = self.rhythm(index) == LAPSED
        return flags

    def rate(self, index: Integers) -> Reals:
        """Return how much each customer buys against the average; few buy much."""
        rates = RHYTHM_RATES[self.rhythm(index)]
        appetite = 0.4 - 0.6 * np.log1p(-self._chance.share(index, "appetite"))
        reals: Reals = rates * appetite
        return reals

    def is_sensitive(self, index: Integers) -> Flags:
        """Return who buys what is marked down."""
        return self._of(
            index, self._chance.happens(index, "marked", SENSITIVE_PCT / 100)
        )

    def shops_at_weekends(self, index: Integers) -> Flags:
        """Return who goes shopping on Saturday or Sunday."""
        return self._chance.happens(index, "weekend", WEEKEND_PCT / 100)

    def second(self, index: Integers, stream: np.random.Generator) -> Integers:
        """Draw the local second of the day of an order: around the customer's hour."""
        hour = 10 + self._chance.below(index, "hour", 10)
        around = hour * 3600 + stream.normal(0, 2400, len(index)).astype(np.int64)
        free = stream.integers(9 * 3600, 21 * 3600, len(index))
        known = np.clip(around, 9 * 3600, 21 * 3600 - 1)
        return np.where((index >= 0) & (stream.random(len(index)) < 0.8), known, free)

    def shop(self, index: Integers, stream: np.random.Generator) -> Integers:
        """Draw the shop of an order: the customer's own, or one of the same city."""
        home = self.people.home(index)
        branches = (OPEN_SHOPS - 1 - home) // len(CITIES) + 1
        own = self._chance.below(index, "shop", 1_000)
        other = stream.integers(0, 1_000, len(index))
        goes_there = stream.random(len(index)) < FAVOURITE_SHOP_PCT / 100
        shop: Integers = home + len(CITIES) * (
            np.where(goes_there, own, other) % branches
        )
        return shop

    def units(self, index: Integers, stream: np.random.Generator) -> Integers:
        """Draw how many units of a product are bought; organisations buy in bulk."""
        single = 1 + stream.exponential(0.8, len(index)).astype(np.int64)
        bulk = 1 + self._chance.below(index, "bulk", BULK_LIMIT)
        is_bulk = self._of(index, self.people.is_organisation(index))
        return np.minimum(single * np.where(is_bulk, bulk, 1), 200)

    def is_discounted(self, index: Integers, stream: np.random.Generator) -> Flags:
        """Draw which lines are bought at a discount."""
        pct = np.where(
            self.is_sensitive(index), DISCOUNTED_FOR_SENSITIVE_PCT, DISCOUNTED_PCT
        )
        flags: Flags = stream.random(len(index)) < pct / 100
        return flags

    def product(self, index: Integers, stream: np.random.Generator) -> Integers:
        """Draw the product of each line: of the customer's liking, or a popular one."""
        count, goods = len(index), self.goods
        popular = (goods.size * stream.random(count) ** 2).astype(np.int64)
        category = self._liked_category(index)
        premium = self._chance.happens(index, "premium", 0.3)
        level = stream.random(count) ** 2
        level = np.where(premium, 1 - level, level)
        liked = goods.of_category(category, level)
        favourite = goods.of_category(category, self._chance.share(index, "favourite"))
        draw = 100 * stream.random(count) + 100 * (index < 0)
        by_taste = FAVOURITE_PRODUCT_PCT + FAVOURITE_CATEGORY_PCT
        return np.where(
            draw < FAVOURITE_PRODUCT_PCT,
            favourite,
            np.where(draw < by_taste, liked, popular),
        )

    def _liked_category(self, index: Integers) -> Integers:
        liked = self._chance.below(index, "likes", len(CATEGORIES))
        names = [category for _, category in CATEGORIES]
        office = np.array([names.index(name) for name in OFFICE_GOODS])
        is_office = self.people.is_organisation(index)
        is_office &= self._chance.happens(index, "office", OFFICE_PCT / 100)
        return np.where(self._of(index, is_office), office[liked % len(office)], liked)

    def with_companions(
        self, product: Integers, line: Integers, stream: np.random.Generator
    ) -> Integers:
        """Return the products of lines, where some bring their companion along.

        Args:
            product: The product of each line, lines of one order together.
            line: The number of each line within its order.
            stream: What draws.
        """
        before = np.roll(product, 1)
        goes_with = self._companion[before]
        joins = (line > 1) & (goes_with >= 0)
        joins &= stream.random(len(product)) < COMPANION_PCT / 100
        return np.where(joins, goes_with, product)

    @cached_property
    def _companion(self) -> Integers:
        companion = np.full(self.goods.size, -1)
        companion[list(COMPANIONS)] = list(COMPANIONS.values())
        return companion

    def _of(self, index: Integers, flags: Flags) -> Flags:
        known: Flags = flags & (index > NOBODY)
        return known
