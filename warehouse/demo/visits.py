"""What visitors of the made-up web shop and app look at, and leave in a cart."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.codes import EVENTS
from warehouse.demo.columns import Column, choose, either, join, number
from warehouse.demo.effects import Effects
from warehouse.demo.goods import Goods
from warehouse.demo.presence import Presence, record_ids
from warehouse.demo.trade import timestamps

DEVICES = ("desktop", "mobile", "tablet", "app")
BOUGHT_PCT = (70, 30, 60, 55)
"""Of the carts that are filled on each device, how many are bought."""
FILLED_PCT = 60
"""Of the visits that are long enough, how many put something into a cart."""
SIGNED_IN_PCT = 60
"""Of the visits of those who are registered, how many are signed in."""
SHORTEST_PURCHASE, LONGEST = 4, 7
"""Events of a visit that may end with a purchase, and of the longest one."""
SECONDS_BETWEEN = 40


def plant_visits(effects: Effects) -> None:
    """Tell what is planted here."""
    effects.plant(
        "web.cart_bought_pct",
        dict(zip(DEVICES, map(float, BOUGHT_PCT), strict=True)),
        "Of the visits that fill a cart on each device, how many of a hundred buy it.",
    )


@dataclass(frozen=True)
class _Visits:
    """Visits of one day.

    Attributes:
        index: The customer behind each.
        size: How many events each has.
        device: The ordinal of its device.
        product: The ordinal of the product that goes into the cart.
        fills: Which put it there.
        buys: Which of them buy it.
    """

    index: Integers
    size: Integers
    device: Integers
    product: Integers
    fills: Flags
    buys: Flags


def web_events(
    presence: Presence, goods: Goods, *, count: int, on_day: int, part: int
) -> pa.Table:
    """Return rows of `web.events`: visits of a few events each."""
    stream = presence.people.chance.stream("events", on_day, part)
    sizes = stream.integers(1, LONGEST + 1, count)
    visits = _draw(stream, presence, goods, sizes[: _fitting(sizes, count)])
    visit = np.repeat(np.arange(len(visits.size)), visits.size)
    nth = np.arange(len(visit)) - np.searchsorted(visit, visit, side="left")
    kind = _kinds(stream, visits, visit, nth)
    browsed = stream.integers(0, goods.size, len(visit))
    product = goods.codes(np.where(kind < 2, browsed, visits.product[visit]))
    first = presence.first_day["web"][visits.index]
    signed_in = (first >= 0) & (first <= on_day)
    signed_in &= stream.random(len(first)) * 100 < SIGNED_IN_PCT
    registration = either(signed_in, record_ids("web", visits.index), "")
    second = stream.integers(8 * 3600, 22 * 3600, len(first))[visit]
    visitor = join("v", number(visits.index * 40_503 % 10_000_019, 8))
    shows_product = ~np.isin(kind, [EVENTS.index("search"), EVENTS.index("checkout")])
    return pa.table(
        {
            "event_id": _ids(on_day, part, len(visit)),
            "visitor": visitor.take(visit),
            "session": join(f"s{on_day:03d}{part:02d}", number(visit, 6)),
            "registration_id": registration.take(visit),
            "product_id": either(shows_product, product, ""),
            "event_type": choose(EVENTS, kind),
            "occurred_at": timestamps(on_day, second + nth * SECONDS_BETWEEN),
            "page_path": either(shows_product, join("/p/", product), "/cart"),
            "device": choose(DEVICES, visits.device[visit]),
        }
    )


def _fitting(sizes: Integers, count: int) -> int:
    """Return how many visits make about as many events as asked for; at least one."""
    return int(np.searchsorted(np.cumsum(sizes), count)) + 1


def _draw(
    stream: np.random.Generator, presence: Presence, goods: Goods, size: Integers
) -> _Visits:
    """Draw who visits, each with a browser or app of its own, and what comes of it."""
    count = len(size)
    index = stream.integers(0, presence.people.size, count)
    device = presence.people.chance.below(index, "device", len(DEVICES))
    fills = (size >= SHORTEST_PURCHASE) & (stream.random(count) * 100 < FILLED_PCT)
    bought = np.array(BOUGHT_PCT)[device] > stream.random(count) * 100
    product = stream.integers(0, goods.size, count)
    return _Visits(index, size, device, product, fills, fills & bought)


def _kinds(
    stream: np.random.Generator, visits: _Visits, visit: Integers, nth: Integers
) -> Integers:
    """Return what each event is: looking about, and in some visits a cart's way."""
    view, search, cart_add, cart_remove, checkout, purchase = range(len(EVENTS))
    last = nth == visits.size[visit] - 1
    before_last = nth == visits.size[visit] - 2
    fills, buys = visits.fills[visit], visits.buys[visit]
    kind = np.where(stream.random(len(visit)) < 0.25, search, view)
    kind = np.where(nth == 0, view, kind)
    kind = np.where(fills & (nth == 1), cart_add, kind)
    kind = np.where(buys & before_last, checkout, kind)
    kind = np.where(buys & last, purchase, kind)
    thinks_again = fills & ~buys & last & (stream.random(len(visit)) < 0.15)
    ordinals: Integers = np.where(thinks_again, cart_remove, kind)
    return ordinals


def _ids(on_day: int, part: int, count: int) -> Column:
    return join(f"V{on_day:03d}{part:02d}", number(np.arange(count), 7))
