"""What the made-up company sells, and where: the tables of the shop's own database."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Chance, Integers, Reals
from warehouse.demo.columns import choose, day, either, join, moment, money, number
from warehouse.demo.known import DAY, FIRST_DAY

SHOPS, OPEN_SHOPS = 60, 58
WEB_SHOP = "WEB-01"
TERRITORIES = 6
CHANGED_SHARE = 0.05
"""Of the products, those that get dearer during the demo."""
LATE_ONE_OF = 500
"""One of so many products is entered after it was sold first; one at least."""
CATEGORIES = [
    (department, category)
    for department, categories in words.DEPARTMENTS.items()
    for category in categories
]
"""Department and name of each category."""


@dataclass(frozen=True)
class Goods:
    """The products of the company.

    Attributes:
        chance: What decides all.
        size: Number of products.
        days: How long the demo lasts.
    """

    chance: Chance
    size: int
    days: int

    @cached_property
    def category(self) -> Integers:
        """Return the ordinal of the category of each product."""
        return self.chance.below(np.arange(self.size), "category", len(CATEGORIES))

    @cached_property
    def _by_category(self) -> tuple[Integers, Integers]:
        """Products sorted by category, then price; and where each category starts."""
        order = np.lexsort((self.price_cents, self.category))
        starts = np.searchsorted(self.category[order], np.arange(len(CATEGORIES) + 1))
        return order, starts

    def of_category(self, category: Integers, level: Reals) -> Integers:
        """Return a product of each category, from 0, its cheapest, up to 1."""
        order, starts = self._by_category
        first, count = starts[category], np.diff(starts)[category]
        place = first + (level * np.maximum(count, 1)).astype(np.int64)
        product: Integers = order[np.minimum(place, self.size - 1)]
        return product

    @cached_property
    def price_cents(self) -> Integers:
        """Return the list price of each product in cents."""
        level = self.chance.share(np.arange(self.size), "price")
        return (500 * np.exp(level * 5)).astype(np.int64) // 10 * 10 - 1

    @cached_property
    def cost_cents(self) -> Integers:
        """Return the cost of each product in cents."""
        part = 55 + self.chance.below(np.arange(self.size), "cost", 25)
        return self.price_cents * part // 100

    @cached_property
    def changed_on(self) -> Integers:
        """Return the day on which each product gets dearer: for most after the demo."""
        every = np.arange(self.size)
        changed = self.chance.happens(every, "price_changed", CHANGED_SHARE)
        on_day = 1 + self.chance.below(every, "price_day", self.days - 1)
        day: Integers = np.where(changed, on_day, self.days)
        return day

    @cached_property
    def entered_on(self) -> Integers:
        """Return the day each was entered: of a few long after they were sold first."""
        day = -20 - self.chance.below(np.arange(self.size), "product_age", 900)
        stable = np.flatnonzero(self.changed_on == self.days)
        drawn = np.argsort(self.chance.share(stable, "entered_late"))
        late = stable[drawn[: max(1, self.size // LATE_ONE_OF)]]
        day[late] = 1 + self.chance.below(late, "entered_day", self.days - 1)
        return day

    def raised(self, cents: Integers, product: Integers, on_day: Integers) -> Integers:
        """Return what a price or cost of products is on days."""
        pct = 103 + self.chance.below(product, "price_rise", 8)
        risen = on_day >= self.changed_on[product]
        raised: Integers = np.where(risen, cents * pct // 100, cents)
        return raised

    def codes(self, ordinal: Integers) -> pa.Array:
        """Return the codes of products."""
        return join("P", number(ordinal + 100_001))


def products(goods: Goods) -> pa.Table:
    """Return the rows of `shop_system.products`: each as it began and as it changed."""
    chance = goods.chance
    every = np.arange(goods.size)
    changed = np.flatnonzero(goods.changed_on < goods.days)
    ordinal = np.concatenate([every, changed])
    on_day = np.concatenate([goods.entered_on, goods.changed_on[changed]])
    brand = chance.below(ordinal, "product_brand", len(words.BRANDS_LATIN))
    kind = choose(["Classic", "Fresh", "Plus", "Pro"], chance.below(ordinal, "kind", 4))
    brand_name = choose(words.BRANDS_LATIN, brand)
    of_category = goods.category[ordinal]
    category = choose([leaf for _, leaf in CATEGORIES], of_category)
    return pa.table(
        {
            "product_id": goods.codes(ordinal),
            "sku": join("69", number(ordinal * 7_907 % 10**9, 11)),
            "name": join(
                brand_name, " ", kind, " ", category, " ", number(ordinal + 1)
            ),
            "brand": brand_name,
            "department": choose([root for root, _ in CATEGORIES], of_category),
            "category": category,
            "subcategory": join(kind, " ", category),
            "package_size": choose(
                ["1 pc", "2 pc", "500 g", "1 kg"], chance.below(ordinal, "package", 4)
            ),
            "unit_price": money(
                goods.raised(goods.price_cents[ordinal], ordinal, on_day)
            ),
            "unit_cost": money(
                goods.raised(goods.cost_cents[ordinal], ordinal, on_day)
            ),
            "currency": pa.array(["CNY"] * len(ordinal)),
            "updated_at": moment(_second(on_day, ordinal)),
        }
    )


def outlets(chance: Chance) -> pa.Table:
    """Return the rows of `shop_system.outlets`."""
    count = SHOPS + 1 + TERRITORIES
    ordinal = np.arange(count)
    kind = np.where(ordinal < SHOPS, 0, np.where(ordinal == SHOPS, 1, 2))
    city = ordinal % len(words.CITIES)
    place = [town.latin_name for town in words.CITIES]
    first = [
        ("0" * town.postcode_digits + "1")[-town.postcode_digits :]
        if town.postcode_digits
        else ""
        for town in words.CITIES
    ]
    opened = FIRST_DAY - 400 - chance.below(ordinal, "opened", 6_000)
    return pa.table(
        {
            "outlet_id": outlet_codes(ordinal),
            "name": join(
                choose(["Shop ", "Web shop ", "Territory "], kind), choose(place, city)
            ),
            "type": choose(["shop", "web_shop", "territory"], kind),
            "address": join(
                number(1 + ordinal * 7),
                " ",
                choose(words.STREETS_LATIN[::2], ordinal % 10),
            ),
            "postcode": join(
                choose([town.postcode_prefix for town in words.CITIES], city),
                choose(first, city),
                choose([town.postcode_suffix for town in words.CITIES], city),
            ),
            "city": choose([town.name for town in words.CITIES], city),
            "region": choose([town.region for town in words.CITIES], city),
            "country": choose([town.country_code for town in words.CITIES], city),
            "opened_on": day(opened),
            "closed_on": either(
                (ordinal >= OPEN_SHOPS) & (ordinal < SHOPS), day(opened + 380), ""
            ),
            "updated_at": moment(_second(np.full(count, -15), ordinal)),
        }
    )


def outlet_codes(ordinal: Integers) -> pa.Array:
    """Return the codes of outlets: shops first, then the web shop, then territories."""
    kind = np.where(ordinal < SHOPS, 0, np.where(ordinal == SHOPS, 1, 2))
    running = np.where(kind == 0, ordinal + 1, np.where(kind == 1, 1, ordinal - SHOPS))
    return join(choose(["SHOP-", "WEB-", "TERR-"], kind), number(running, 2))


def _second(on_day: Integers, ordinal: Integers) -> Integers:
    # Distinct seconds, so that a cursor never stops between two rows of one second.
    return (FIRST_DAY + on_day) * DAY + 3600 + ordinal % 30_000
