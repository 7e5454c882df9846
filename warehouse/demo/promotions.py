"""What is promoted, where and for which two weeks; and who is drawn to it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Chance, Flags, Integers
from warehouse.demo.columns import Column, choose, day, either, join, number
from warehouse.demo.goods import OPEN_SHOPS, Goods, outlet_codes
from warehouse.demo.known import FIRST_DAY
from warehouse.demo.making import Making
from warehouse.demo.vocabulary import CITIES

PERIOD_DAYS = 14
FIRST_PERIOD = -53
"""Promotions began so many periods before the first business date."""
PROMOTED_PCT = 4
EVERYWHERE_PCT = 50
"""Of what is promoted, how much is so in all shops; the rest in those of one city."""
KINDS = {
    "price_cut": 20,
    "bundle": 15,
    "coupon": 10,
    "gift": 0,
    "points": 0,
    "display": 0,
    "mailer": 0,
}
"""What each type of promotion takes off the price, in percent."""
DRAWN_PCT, DRAWN_SENSITIVE_PCT = 5, 30
"""Of the lines of a customer, how many are of goods that are promoted there and then;
and of those of who waits for it."""
DISPLAYS = ("", "front", "aisle end", "counter")
MAILERS = ("", "front page", "inside", "back page")


@dataclass(frozen=True)
class Promotions:
    """The promotions of the made-up company.

    Attributes:
        goods: What is promoted.
    """

    goods: Goods

    @property
    def _chance(self) -> Chance:
        return self.goods.chance

    def period(self, on_day: Integers) -> Integers:
        """Return the ordinal of the two weeks that each day is in, from zero on."""
        return on_day // PERIOD_DAYS - FIRST_PERIOD

    def is_promoted(self, product: Integers, period: Integers) -> Flags:
        """Return which products are promoted anywhere in a period."""
        place = self._place(product, period)
        return self._chance.happens(place, "promoted", PROMOTED_PCT / 100)

    def runs(self, product: Integers, period: Integers, shop: Integers) -> Flags:
        """Return which products are promoted in each shop in a period."""
        place = self._place(product, period)
        in_city = self._city(place) == shop % len(CITIES)
        here = self._is_everywhere(place) | (in_city & (shop < OPEN_SHOPS))
        flags: Flags = self.is_promoted(product, period) & here
        return flags

    def discount_pct(self, product: Integers, period: Integers) -> Integers:
        """Return what a promotion takes off the price."""
        discounts = np.array(list(KINDS.values()))
        pct: Integers = discounts[self._kind(self._place(product, period))]
        return pct

    def draw(
        self,
        stream: np.random.Generator,
        product: Integers,
        period: Integers,
        is_sensitive: Flags,
    ) -> Integers:
        """Return products of lines, where some are drawn to what is promoted."""
        chosen = product.copy()
        pct = np.where(is_sensitive, DRAWN_SENSITIVE_PCT, DRAWN_PCT)
        drawn = stream.random(len(product)) < pct / 100
        everything = np.arange(self.goods.size)
        for each in np.unique(period[drawn]):
            fits = everything[self.is_promoted(everything, each)]
            lines = np.flatnonzero(drawn & (period == each))
            if len(fits):
                chosen[lines] = fits[stream.integers(0, len(fits), len(lines))]
        return chosen

    def placements(self, period: int) -> pa.Table:
        """Return the rows of `merchandising.promotions` of a period."""
        everything = np.arange(self.goods.size)
        product = everything[self.is_promoted(everything, np.array(period))]
        place = self._place(product, np.array(period))
        everywhere = self._is_everywhere(place)
        shop = np.arange(OPEN_SHOPS)
        in_city = self._city(place)[:, None] == (shop % len(CITIES))[None, :]
        nth, branch = np.nonzero(in_city & ~everywhere[:, None])
        rows = np.concatenate([np.flatnonzero(everywhere), nth])
        outlet = np.concatenate([np.full(everywhere.sum(), -1), branch])
        return self._rows(period, product[rows], place[rows], outlet)

    def _rows(
        self, period: int, product: Integers, place: Integers, outlet: Integers
    ) -> pa.Table:
        kind = self._kind(place)
        start = FIRST_DAY + (period + FIRST_PERIOD) * PERIOD_DAYS
        starts = np.full(len(product), start)
        where: Column = either(outlet < 0, "", outlet_codes(np.maximum(outlet, 0)))
        discount = np.array(list(KINDS.values()))[kind]
        types = list(KINDS)
        return pa.table(
            {
                "placement_id": join(
                    number(np.full(len(product), period), 4),
                    "-",
                    self.goods.codes(product),
                    "-",
                    number(outlet + 1, 2),
                ),
                "promotion_code": join(
                    "PR-", day(starts, "%Y"), "-", choose(types, kind)
                ),
                "promotion_type": choose(types, kind),
                "display": choose(DISPLAYS, self._chance.below(place, "display", 4)),
                "mailer": choose(MAILERS, self._chance.below(place, "mailer", 4)),
                "discount": either(discount > 0, number(discount), ""),
                "product_id": self.goods.codes(product),
                "outlet_id": where,
                "starts_on": day(starts),
                "ends_on": day(starts + PERIOD_DAYS - 1),
            }
        )

    def _place(self, product: Integers, period: Integers) -> Integers:
        place: Integers = product + period * self.goods.size
        return place

    def _kind(self, place: Integers) -> Integers:
        return self._chance.below(place, "promotion", len(KINDS))

    def _is_everywhere(self, place: Integers) -> Flags:
        return self._chance.happens(place, "everywhere", EVERYWHERE_PCT / 100)

    def _city(self, place: Integers) -> Integers:
        return self._chance.below(place, "promoted in", len(CITIES))


def write_promotion_files(making: Making, on_day: int) -> None:
    """Write what is promoted, on the first day of each two weeks; first, all before."""
    if on_day % PERIOD_DAYS:
        return
    promotions = Promotions(making.goods)
    current = int(promotions.period(np.array(on_day)))
    making.desk.csv(
        "merchandising.promotions",
        map(promotions.placements, range(0 if on_day == 0 else current, current + 1)),
        name=f"promotions_{making.desk.date_of(on_day)}.csv",
        on_day=on_day,
    )
    if on_day == 0:
        making.effects.plant(
            "promotion.discount_pct",
            {kind: float(pct) for kind, pct in KINDS.items()},
            "What each type of promotion takes off the price, in percent.",
        )
        making.effects.plant(
            "promotion.drawn_pct",
            {"others": float(DRAWN_PCT), "sensitive": float(DRAWN_SENSITIVE_PCT)},
            "Lines bought of what is promoted, of customers who wait for it or not.",
        )
