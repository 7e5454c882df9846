"""What the tills and the web shop sold in the two years before the first business date.

They deliver it once, on that date. So that memory stays bounded, it is made for some
customers at a time.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from warehouse.demo import habits
from warehouse.demo.chance import Integers, Reals
from warehouse.demo.columns import Column, choose, join, number
from warehouse.demo.deliveries import Manner
from warehouse.demo.habits import LAPSED, NOBODY, REGULAR, SEASONAL
from warehouse.demo.known import DAY, FIRST_DAY, made_at
from warehouse.demo.making import Making
from warehouse.demo.sale_rows import (
    LONGEST_ORDER,
    RETURNED_OFTEN,
    Orders,
    Receipts,
    order_lines,
    receipt_lines,
)

DAYS = 730
OPENING_PCT = 50
"""About so many of all sale lines were sold before the first business date."""
BUYING_PCT = 70
"""About so many customers are known to a source that sells."""
LAPSED_DAYS = 240
"""Who has lapsed bought last this many days before the first business date."""
SEASON_PCT = 80
SEASON_FIRST, SEASON_DAYS = 304, 61
"""Seasonal buyers come in November and December, most of the time."""
SELLING = ("web", "member", "crm")
CHUNK = 40_000
"""Customers at a time."""


class Bought(NamedTuple):
    """Orders of some customers, in order of time.

    Attributes:
        buyer: Who placed each.
        at: Local second of the order since 1970.
        order: To which of them each line belongs.
    """

    buyer: Integers
    at: Integers
    order: Integers

    @property
    def nobody(self) -> Integers:
        """Return nobody as the buyer of each order."""
        return np.full(len(self.buyer), NOBODY)

    def numbers(self, prefix: str) -> Column:
        """Return the numbers of the orders."""
        return join(prefix, number(np.arange(len(self.buyer)), 7))

    def no_campaign(self) -> Column:
        """Return no campaign for each order."""
        return choose([""], self.buyer * 0)


def write_opening_files(making: Making) -> int:
    """Write what was sold before the first day; return the number of lines."""
    _tell(making)
    desk = making.desk
    desk.csv(
        "till.sales",
        _receipts(making),
        name="sales_before.csv",
        on_day=0,
        manner=Manner(footer_of="net_amount"),
    )
    desk.parquet("web.orders", _orders(making), name="orders_before.parquet", day=0)
    return desk.rows["till.sales"] + desk.rows["web.orders"]


def _tell(making: Making) -> None:
    plant = making.effects.plant
    plant("habit.lapsed_days", LAPSED_DAYS, "Days since who has lapsed bought last.")
    plant(
        "habit.favourite_shop_pct",
        habits.FAVOURITE_SHOP_PCT,
        "Of a customer's visits, how many go to one shop, where a city has several.",
    )
    plant("habit.office_pct", habits.OFFICE_PCT, habits.OFFICE_MEANING)
    plant(
        "habit.weekend_pct",
        habits.WEEKEND_PCT,
        "Customers who bought on Saturdays and Sundays until the end of 2025.",
    )
    plant(
        "habit.sensitive_pct",
        habits.SENSITIVE_PCT,
        "Customers who buy most of their lines at a discount, not few of them.",
    )
    plant(
        "affinity.companion_pct",
        habits.COMPANION_PCT,
        "How often the line after one of a leading product is of its companion.",
    )
    plant(
        "sale.returned_pct",
        dict(RETURNED_OFTEN),
        "Of the lines of a category, how many come back; of the others 1.5 percent.",
    )
    codes = making.goods.codes
    leaders = codes(np.array(list(habits.COMPANIONS))).to_pylist()
    companions = codes(np.array(list(habits.COMPANIONS.values()))).to_pylist()
    plant(
        "affinity.companions",
        [f"{one}+{other}" for one, other in zip(leaders, companions, strict=True)],
        "Products that go into one basket: a leading one, and its companion.",
    )


def _receipts(making: Making) -> Iterator[pa.Table]:
    """Yield rows of `till.sales`: receipts of members, and of who buys on account."""
    for part, index in _customers(making):
        for letter, source in (("H", "member"), ("G", "crm")):
            stream = making.people.chance.stream("opening", source, part)
            bought = _bought(stream, making, source, index)
            is_member = source == "member"
            receipts = Receipts(
                number=bought.numbers(f"{letter}{part:04d}"),
                shop=making.habits.shop(bought.buyer, stream),
                member=bought.buyer if is_member else bought.nobody,
                account=bought.nobody if is_member else bought.buyer,
                sold_at=bought.at,
                campaign=bought.no_campaign(),
            )
            yield receipt_lines(stream, making, bought.order, receipts)


def _orders(making: Making) -> Iterator[pa.Table]:
    """Yield rows of `web.orders`."""
    for part, index in _customers(making):
        stream = making.people.chance.stream("opening", "web", part)
        bought = _bought(stream, making, "web", index)
        orders = Orders(
            number=bought.numbers(f"F{part:04d}"),
            buyer=bought.buyer,
            ordered_at=bought.at,
            campaign=bought.no_campaign(),
        )
        yield order_lines(stream, making, bought.order, orders)


def _customers(making: Making) -> Iterator[tuple[int, Integers]]:
    size = making.people.size
    for part, start in enumerate(range(0, size, CHUNK)):
        yield part, np.arange(start, min(start + CHUNK, size), dtype=np.int64)


def _bought(
    stream: np.random.Generator, making: Making, source: str, index: Integers
) -> Bought:
    """Draw what customers bought of a source that knew them; half, where two did."""
    first_day, tastes = making.presence.first_day, making.habits
    sold_by = [first_day[name][index] == 0 for name in SELLING]
    buyers = index[first_day[source][index] == 0]
    known_to = np.sum(sold_by, axis=0)[first_day[source][index] == 0]
    mean = making.sale_lines * OPENING_PCT / BUYING_PCT / making.people.size
    expected = tastes.rate(buyers) * mean / known_to / ((1 + LONGEST_ORDER) / 2)
    count = (expected + stream.random(len(buyers))).astype(np.int64)
    made_on = made_at(making.presence, source, buyers) // DAY - FIRST_DAY
    buyer = np.repeat(buyers, count)
    nth = np.arange(len(buyer)) - np.repeat(np.cumsum(count) - count, count)
    even = (nth + stream.random(len(buyer))) / np.repeat(count, count)
    on_day = _days(stream, making, buyer, np.repeat(made_on + 1, count), even)
    at = (FIRST_DAY + on_day) * DAY + tastes.second(buyer, stream)
    in_time = np.argsort(at, kind="stable")
    sizes = stream.integers(1, LONGEST_ORDER + 1, len(buyer))
    order = np.repeat(np.arange(len(buyer)), sizes)
    return Bought(buyer[in_time], at[in_time], order)


def _days(
    stream: np.random.Generator,
    making: Making,
    buyer: Integers,
    since: Integers,
    even: Reals,
) -> Integers:
    """Draw the day of each order, below zero, by the rhythm of its buyer.

    Args:
        stream: What draws.
        making: The company.
        buyer: Who placed each order.
        since: The first day on which the buyer could.
        even: Where in the time of its buyer each order lies if they keep even distance.
    """
    rhythm = making.habits.rhythm(buyer)
    count = len(buyer)
    share = np.where(rhythm == REGULAR, even, stream.random(count))
    first = np.maximum(since, -DAYS)
    last = np.where((rhythm == LAPSED) & (first < -LAPSED_DAYS), -LAPSED_DAYS, 0)
    on_day = first + (share * (last - first)).astype(np.int64)
    in_season = (rhythm == SEASONAL) & (stream.random(count) < SEASON_PCT / 100)
    season = on_day // 365 * 365 + SEASON_FIRST + stream.integers(0, SEASON_DAYS, count)
    on_day = np.where(in_season & (season >= first), season, on_day)
    weekday = (FIRST_DAY + 3 + on_day) % 7
    saturday = on_day - weekday + 5 + stream.integers(0, 2, count)
    at_weekend = making.habits.shops_at_weekends(buyer) & (saturday < last)
    on_day = np.where(at_weekend & (saturday >= first), saturday, on_day)
    before: Integers = np.minimum(on_day, -1)
    return before
