"""How time, processor time and memory grow with the rows: nights at several sizes.

Each size has a home of its own, removed afterwards, in which floor, full build, a night
of one per cent and an empty night are measured (`night.py`). Each step's seconds and
memory stand against the rows that were loaded, with the slope of the straight line
through their logarithms: 1 is in proportion, below 1 there is a fixed part, above 1 is
to be explained. A size for which disk or memory would not do is not begun, and one that
runs out of either is stopped before the machine is full; either is said, and the sizes
before stand. The last line is one line of JSON; it is kept in `var/benchmarks/` too.
"""

import argparse
import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from guard import Guard
from history import keep
from homes import lent, remove
from night import Size, measure
from night_report import report
from processes import say

from warehouse.settings import Settings

DEFAULT_SIZES = [100_000, 1_000_000, 3_000_000, 10_000_000]
MB_A_CUSTOMER = 0.06
"""What a customer of twenty sale lines is taken to need of the disk, deliveries, all
databases and what is spilt together, before a size was measured."""
MARGIN = 1.2
"""How much more than in proportion a size is taken to need of the disk."""
NIGHTS = ("full", "one_percent_night")


def slope(rows: Sequence[float], values: Sequence[float]) -> float | None:
    """Return the slope of the straight line through the logarithms of both.

    Args:
        rows: Rows of each size.
        values: What was measured of each; sizes of which nothing was are left out.

    Returns:
        The slope by least squares; none when fewer than two sizes are left.
    """
    known = [(row, value) for row, value in zip(rows, values, strict=True) if value > 0]
    if len({row for row, _ in known}) < 2:
        return None
    found = np.polyfit(*(np.log([pair[side] for pair in known]) for side in (0, 1)), 1)
    return round(float(found[0]), 3)


def slopes(sizes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the slopes of each run and step: all sizes, and the last two of them."""
    found: dict[str, Any] = {}
    for kind in ("seconds", "cpu_seconds", "peak_mb"):
        for name, values in series(sizes, kind).items():
            rows = [size["rows"][of_run(name)] for size in sizes]
            found[f"{kind} of {name}"] = {
                "all": slope(rows, values),
                "last": slope(rows[-2:], values[-2:]),
            }
    return found


def series(sizes: Sequence[Mapping[str, Any]], kind: str) -> dict[str, list[float]]:
    """Return what was measured of each run and step, a value a size."""
    found = {name: [size[kind][name] for size in sizes] for name in ("floor", *NIGHTS)}
    for night in NIGHTS:
        steps = [size[kind][f"{night}_steps"] for size in sizes]
        for step in sorted(set().union(*steps)):
            found[f"{night}, {step}"] = [each.get(step, 0.0) for each in steps]
    return found


def of_run(name: str) -> str:
    """Return whose rows a run is held against: those that the full build loaded.

    The night of one per cent grows with the house that it is a night of.
    """
    return "floor" if name == "floor" else "full"


def mb_needed(customers: int, lines: int, before: Sequence[Mapping[str, Any]]) -> float:
    """Return how much of the disk a size is taken to need, in megabytes."""
    if not before:
        return customers * MB_A_CUSTOMER * (0.5 + lines / 40)
    return customers / before[-1]["customers"] * before[-1]["disk_mb"] * MARGIN


def memory_needed(customers: int, before: Sequence[Mapping[str, Any]]) -> float:
    """Return how much memory a size is taken to need, in megabytes.

    As the last two sizes grew. Of one size nothing can be said: part of its memory is
    fixed, and a database that nears its limit spills.
    """
    if len(before) < 2:
        return 0.0
    sizes = [size["customers"] for size in before[-2:]]
    grown = slope(sizes, [size["peak_mb"]["full"] for size in before[-2:]])
    power = min(1.0, max(0.0, grown if grown is not None else 1.0))
    last = before[-1]
    return float(last["peak_mb"]["full"] * (customers / last["customers"]) ** power)


def wanting(
    customers: int, lines: int, before: Sequence[Mapping[str, Any]], folder: Path
) -> str:
    """Say what the machine lacks for a size; nothing when it will do."""
    free = shutil.disk_usage(folder).free / 1e6
    needed = mb_needed(customers, lines, before)
    if needed > free:
        return f"it would need {needed:,.0f} MB of the disk, {free:,.0f} are free"
    memory = psutil.virtual_memory().total / 1e6
    needed = memory_needed(customers, before)
    if needed > memory:
        return f"it would need {needed:,.0f} MB of memory, {memory:,.0f} are there"
    return ""


def measured(home: Path, size: Size, guard: Guard) -> dict[str, Any]:
    """Measure one size in a home of its own, and remove it."""
    try:
        with guard:
            figures = measure(Settings(company="demo", home=home), size)
    finally:
        remove(home)
    found = report(figures, customers=size.customers, days=size.days)
    found |= found.pop("size") | {"disk_mb": round(guard.disk_mb)}
    rows = found["new_rows"]["full"]
    return found | {"rows": {"floor": rows, "full": rows}}


def grown(
    folder: Path, asked: argparse.Namespace, history: Path | None
) -> dict[str, Any]:
    """Measure one size after the other, as far as the machine goes.

    Each size is kept in the history of nights as soon as it is measured.
    """
    sizes: list[dict[str, Any]] = []
    stopped = ""
    for customers in sorted(asked.customers):
        lacking = wanting(customers, asked.lines, sizes, folder)
        home = folder / str(customers)
        guard = Guard(home)
        if not lacking:
            home.mkdir()
            size = Size(customers, asked.days, asked.lines, nights=0, repeats=1)
            try:
                sizes.append(measured(home, size, guard))
                keep(sizes[-1], history)
            except SystemExit:
                if not guard.reason:
                    raise
                lacking = guard.reason
        if lacking:
            stopped = f"{customers:,} customers were not measured: {lacking}"
            say(stopped)
            break
        say(f"  ratios {sizes[-1]['ratios']}")
    return summary(sizes, stopped)


def summary(sizes: list[dict[str, Any]], stopped: str) -> dict[str, Any]:
    """Return the figures as the benchmark's one line of JSON."""
    found = slopes(sizes) if len(sizes) > 1 else {}
    memory = psutil.virtual_memory().total / 1e6
    largest = sizes[-1]["peak_mb"]["full"] / memory if sizes else math.nan
    return {
        "benchmark": "growth",
        "sizes": sizes,
        "stopped": stopped,
        "slopes": found,
        "ratios": {
            "peak_memory_to_machine": round(largest, 3),
            **{
                name: found[f"{kind} of full"]["all"]
                for name, kind in (
                    ("slope_of_seconds", "seconds"),
                    ("slope_of_cpu_seconds", "cpu_seconds"),
                    ("slope_of_memory", "peak_mb"),
                )
                if found
            },
        },
    }


def main() -> None:
    """Measure the sizes asked for and print the figures as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=DEFAULT_SIZES)
    parser.add_argument("--days", type=int, default=30, help="dates of each full build")
    parser.add_argument("--lines", type=int, default=20, help="sale lines a customer")
    parser.add_argument("--home", type=Path, help="where to work and keep it")
    asked = parser.parse_args()
    with lent(asked.home) as folder:
        keep(grown(folder, asked, asked.home), asked.home)


if __name__ == "__main__":
    main()
