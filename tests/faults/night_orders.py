"""Deliveries in random orders through whole nights, held against an undisturbed one.

Received, identified, built, checked and published: the picture of every table must be
the one that a single night over all deliveries gives.
"""

import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from orders_world import Order, orders, play, undisturbed
from pictures import differing, picture

from faults import Say


def drawn(count: int, number: int) -> list[Order]:
    """Return as many orders as asked for, drawn by hypothesis; each is another.

    Args:
        count: How many.
        number: The seed of chance.
    """
    found: dict[str, Order] = {}

    @seed(number)
    @settings(
        max_examples=4 * count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(orders())
    def draw(order: Order) -> None:
        found.setdefault(str(order), order)

    draw()
    return list(found.values())[:count]


def assert_same_picture(folder: Path, order: Order, expected: dict[str, str]) -> None:
    """Play an order, and hold what is published in the end against what must be.

    Args:
        folder: Where the house of the order lies; gone afterwards, if all is well.
        order: How the deliveries come.
        expected: The picture of an undisturbed house.
    """
    found = picture(play(folder, order), in_any_order=True)
    different = sorted(differing(found, expected))
    assert different == [], f"{different} differ, in the order {order}"
    shutil.rmtree(folder)


def _try(folder: Path, order: Order, expected: dict[str, str]) -> str | None:
    """Return what is not as it must be, if anything; in a process of its own."""
    try:
        assert_same_picture(folder, order, expected)
    except AssertionError as error:
        return f"{folder.name}: {error}"
    return None


def run_orders(
    root: Path, count: int, number: int, at_once: int, say: Say
) -> list[str]:
    """Try random orders, some at once; return what was not as it must be.

    Args:
        root: Where the houses lie; they share what dbt parses.
        count: How many orders.
        number: The seed of chance.
        at_once: How many houses at once.
        say: Who hears how far it is.
    """
    root.mkdir(parents=True, exist_ok=True)
    os.environ["CLIENTELE_PARSES"] = tempfile.mkdtemp(dir=root)
    expected = picture(undisturbed(root / "undisturbed"), in_any_order=True)
    faults: list[str] = []
    with ProcessPoolExecutor(at_once, get_context("forkserver")) as pool:
        tries = [
            pool.submit(_try, root / f"order-{at}", order, expected)
            for at, order in enumerate(drawn(count, number), start=1)
        ]
        for at, each in enumerate(tries, start=1):
            if fault := each.result():
                faults.append(fault)
                say(f"  FAULT {fault}")
            say(f"  {at} of {count} orders of whole nights")
    return faults
