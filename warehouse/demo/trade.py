"""What customers buy: receipts of the tills and orders of the web shop."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Integers
from warehouse.demo.columns import either, join, number
from warehouse.demo.habits import NOBODY
from warehouse.demo.known import DAY, FIRST_DAY
from warehouse.demo.making import Making
from warehouse.demo.sale_rows import (
    LONGEST_ORDER,
    SHOP_CITIES,
    Orders,
    Receipts,
    order_lines,
    receipt_lines,
    utc,
)

CHUNK_LINES = 400_000
WEB_PCT = 15
ORPHAN_DAYS = 2
"""A card may be used this many days before its record is delivered."""
CAMPAIGNS = 12
CAMPAIGN_DAYS = 20
FIRST_CAMPAIGN_DAY, CAMPAIGN_EVERY = -10, 3
ABROAD = np.array([city.country_code != "CN" for city in words.CITIES])
TRIES = {"": 3, "china": 4, "abroad": 12}
"""How often a buyer is looked for in each group of cities."""


def order_of_lines(stream: np.random.Generator, count: int) -> Integers:
    """Draw to which order each of some lines belongs; one to five lines an order."""
    sizes = stream.integers(1, LONGEST_ORDER + 1, count)
    orders = min(int(np.searchsorted(np.cumsum(sizes), count)) + 1, count)
    return np.repeat(np.arange(orders), sizes[:orders])[:count]


def _buyers(
    stream: np.random.Generator,
    making: Making,
    source: str,
    count: int,
    on_day: int,
    group: str = "",
) -> Integers:
    """Draw buyers whom a source knows or will soon know; few buy much.

    Whom the draws do not find in the group of cities asked for, if any, is nobody.
    """
    presence, habits = making.presence, making.habits
    size = presence.people.size
    draws = (size * stream.random((TRIES[group], count)) ** 1.6).astype(np.int64)
    draws = (draws * 999_983 + 17) % size
    chosen = np.full(count, NOBODY)
    for candidate in draws:
        first = presence.first_day[source][candidate].astype(np.int64)
        fits = (first >= 0) & (first <= on_day + ORPHAN_DAYS) & (chosen == NOBODY)
        fits &= ~habits.has_lapsed(candidate)
        if group:
            home = presence.people.home(candidate)
            fits &= ABROAD[home] == (group == "abroad")
        chosen = np.where(fits, candidate, chosen)
    return chosen


def lines_of_day(total: int, days: int, on_day: int) -> int:
    """Return how many of all lines fall on a day: the days differ, the sum is fixed."""
    weights = np.array([1.0, 0.9, 0.9, 1.0, 1.1, 1.4, 1.3])[np.arange(days) % 7]
    edges = np.floor(np.cumsum(weights) / weights.sum() * total + 0.5).astype(np.int64)
    return int(edges[on_day] - (edges[on_day - 1] if on_day else 0))


def chunks(count: int) -> Iterator[tuple[int, int]]:
    """Yield ordinal and size of each part of a count of lines; one part of no lines."""
    for ordinal, start in enumerate(range(0, max(count, 1), CHUNK_LINES)):
        yield ordinal, min(CHUNK_LINES, count - start)


def till_sales(
    making: Making, *, count: int, on_day: int, group: str, part: int
) -> pa.Table:
    """Return rows of `till.sales` of one group of shops (`china` or `abroad`)."""
    stream = making.people.chance.stream("till", on_day, group, part)
    order = order_of_lines(stream, count)
    orders = int(order[-1]) + 1 if count else 0
    member = _buyers(stream, making, "member", orders, on_day, group)
    member = np.where(stream.random(orders) < 0.75, member, NOBODY)
    account = _buyers(stream, making, "crm", orders, on_day, group)
    on_account = (member == NOBODY) & (stream.random(orders) < 0.6)
    account = np.where(on_account, account, NOBODY)
    buyer = np.maximum(member, account)
    shops = np.flatnonzero(ABROAD[SHOP_CITIES] == (group == "abroad"))
    anywhere = shops[stream.integers(0, len(shops), orders)]
    second = making.habits.second(buyer, stream)
    campaign = campaign_codes(running_campaigns(stream, orders, on_day))
    has_coupon = stream.random(orders) < 0.06
    prefix = f"{'C' if group == 'china' else 'A'}{on_day:03d}{part:02d}"
    return receipt_lines(
        stream,
        making,
        order,
        Receipts(
            number=join(prefix, number(np.arange(orders), 6)),
            shop=np.where(buyer == NOBODY, anywhere, making.habits.shop(buyer, stream)),
            member=member,
            account=account,
            sold_at=(FIRST_DAY + on_day) * DAY + second,
            campaign=either(has_coupon, campaign, ""),
        ),
    )


def web_orders(making: Making, *, count: int, on_day: int, part: int) -> pa.Table:
    """Return rows of `web.orders`, typed, times in UTC."""
    stream = making.people.chance.stream("orders", on_day, part)
    order = order_of_lines(stream, count)
    orders = int(order[-1]) + 1 if count else 0
    buyer = _buyers(stream, making, "web", orders, on_day)
    buyer = np.where(stream.random(orders) < 0.9, buyer, NOBODY)
    coupon = stream.random(orders) < 0.1
    campaign = campaign_codes(running_campaigns(stream, orders, on_day))
    second = making.habits.second(buyer, stream)
    return order_lines(
        stream,
        making,
        order,
        Orders(
            number=join(f"E{on_day:03d}{part:02d}", number(np.arange(orders), 6)),
            buyer=buyer,
            ordered_at=(FIRST_DAY + on_day) * DAY + second,
            campaign=either(coupon, campaign, ""),
        ),
    )


def running_campaigns(stream: np.random.Generator, count: int, on_day: int) -> Integers:
    """Draw ordinals of campaigns that run on a day; the last of them has no end."""
    begun = (on_day - FIRST_CAMPAIGN_DAY) // CAMPAIGN_EVERY
    ended = max(begun - CAMPAIGN_DAYS // CAMPAIGN_EVERY, 0)
    last = CAMPAIGNS - 1
    return stream.integers(min(ended, last), min(begun, last) + 1, count)


def campaign_codes(ordinal: Integers) -> pa.Array:
    """Return the codes of campaigns."""
    return join("CMP-", number(ordinal + 1, 3))


def timestamps(on_day: int, second: Integers) -> pa.Array:
    """Return UTC timestamps of local seconds of a day of the demo."""
    return utc((FIRST_DAY + on_day) * DAY + second)
