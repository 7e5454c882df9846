"""Deliveries late, missing, repeated and overlapping, in random orders.

Whatever the order, what the archive says of every business date is the same; bytes that
come again, under any name, change nothing; and every delivered row is accounted for.
"""

import random
import tempfile
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from receiving_world import MONDAY, PEOPLE, World, table

from faults import Say
from faults.night_orders import run_orders

MODES = ("full", "delta", "append", "clock")
"""How the table is delivered; `clock`: a delta that tells of which moment it speaks."""

DAYS = [MONDAY + timedelta(days=index) for index in range(4)]
LAST_WORDS = """
select id, name, since from raw_crm.people
qualify row_number() over (
    partition by id, since order by _delivered_on desc, _load_id desc, _row desc
) = 1 order by all
"""
STATES = """
select id, name from raw_crm.people where _delivered_on <= date '{on}'
qualify row_number() over (
    partition by id order by _delivered_on desc, _load_id desc
) = 1 and not _is_deleted order by id
"""


@dataclass(frozen=True)
class Delivered:
    """One delivery: its date, its name, its bytes."""

    on: date
    name: str
    data: bytes


def _file(rows: dict[str, str]) -> bytes:
    said = "".join(f"{key},{name},2020-01-01\n" for key, name in rows.items())
    return b"id,name,since\n" + said.encode()


def _rows(chance: random.Random, mode: str, day: int) -> dict[str, str]:
    keys = sorted(chance.sample("123456", chance.randint(2, 5)))
    named = {key: chance.choice(("Ann", "Bo", "Cy")) for key in keys}
    # The same bytes again are a repeat by rule: what is no snapshot tells its date.
    return named if mode == "full" else {**named, f"9{day}": "Day"}


def deliveries(chance: random.Random, mode: str) -> list[Delivered]:
    """Return the deliveries of some dates; a date may be missing."""
    days = sorted(chance.sample(range(len(DAYS)), chance.randint(2, len(DAYS))))
    return [
        Delivered(DAYS[day], "people", _file(_rows(chance, mode, day))) for day in days
    ]


def shuffled(chance: random.Random, given: Iterable[Delivered]) -> list[Delivered]:
    """Return the deliveries in another order, some of them twice."""
    once = list(given)
    again = [
        Delivered(each.on, "people again", each.data)
        for each in chance.sample(once, chance.randint(0, len(once)))
    ]
    order = [*once, *again]
    chance.shuffle(order)
    return order


def play(folder: Path, mode: str, order: Iterable[Delivered]) -> World:
    """Receive the deliveries one after the other; a repeat must be known as one."""
    since = {"name": "since", "data_type": "date"}
    stated = {"keys": ["id"], "columns": [*PEOPLE[:2], since], "delivery": mode}
    if mode == "clock":
        stated |= {"delivery": "delta", "clock": "since"}
    world = World(folder, table(**stated), threads=1)
    seen: set[tuple[date, bytes]] = set()
    for each in order:
        load = world.receive(each.data, each.name, on=each.on)
        is_again = (each.on, each.data) in seen
        seen.add((each.on, each.data))
        if is_again:
            assert (load.rows_loaded, load.rows_deleted) == (0, 0)
            assert load.rows_repeated == load.rows_delivered
    return world


def picture(world: World, mode: str) -> list[list[tuple[Any, ...]]]:
    """Return what is held: of events the last word, of states those of every date."""
    if mode in ("append", "clock"):
        return [world.rows(LAST_WORDS)]
    return [world.rows(STATES.format(on=on)) for on in DAYS]


def assert_any_order(chance: random.Random, mode: str) -> None:
    """Play the same deliveries in their order and in another; hold both together."""
    given = deliveries(chance, mode)
    with (
        tempfile.TemporaryDirectory() as first,
        tempfile.TemporaryDirectory() as second,
    ):
        expected = picture(play(Path(first), mode, given), mode)
        order = shuffled(chance, given)
        found = picture(play(Path(second), mode, order), mode)
    told = [(each.on.isoformat(), each.data) for each in order]
    assert found == expected, f"{mode}, in the order {told}"


def measure(root: Path, asked: Namespace, say: Say) -> dict[str, Any]:
    """Try many random orders in every mode of delivery, and some in whole nights.

    Args:
        root: Where the houses of the nights lie.
        asked: `orders`, `night_orders`, `at_once` and `seed`.
        say: Who hears how far it is.
    """
    chance, faults = random.Random(asked.seed), []  # noqa: S311 - not a secret
    for number in range(asked.orders):
        try:
            assert_any_order(chance, MODES[number % len(MODES)])
        except AssertionError as error:
            faults.append(str(error))
        if (number + 1) % 50 == 0:
            say(f"  {number + 1} of {asked.orders} orders")
    if asked.night_orders:
        faults += run_orders(root, asked.night_orders, asked.seed, asked.at_once, say)
    return {
        "injected": asked.orders + asked.night_orders,
        "orders": asked.orders,
        "night_orders": asked.night_orders,
        "faults": faults,
    }
