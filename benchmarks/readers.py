"""Readers during a night: how many looks, what fails, and how much longer each takes.

Makes the demo's deliveries and a release in a home of its own; then readers of
dashboards (`reader.py`), each a process, look at an idle machine, and the same number
again while the night of a further date runs and publishes. The peer is the idle
machine. The last line is one line of JSON; it is kept in `var/benchmarks/` too.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from history import keep
from homes import lent
from night import Size, deliveries
from processes import Run, clientele, say, started

from warehouse.settings import Settings

BEGUN_WITHIN_S = 120
PERCENTILES = {"p50": 50, "p99": 99, "longest": 100}


@dataclass(frozen=True)
class Looks:
    """What readers met with.

    Attributes:
        taken: Seconds of each look.
        errors: What went wrong, in words.
        seen: The releases that each reader saw, in its order.
    """

    taken: Sequence[float]
    errors: Sequence[str]
    seen: Sequence[Sequence[str]]

    @staticmethod
    def of(runs: Sequence[Run]) -> "Looks":
        """Put together what several readers told."""
        told = [json.loads(run.said.splitlines()[-1]) for run in runs]
        return Looks(
            taken=[seconds for each in told for seconds in each["taken"]],
            errors=[error for each in told for error in each["errors"]],
            seen=[each["seen"] for each in told],
        )

    @property
    def went_back(self) -> int:
        """Return how often a reader saw an older release after a newer one."""
        return sum(
            later < earlier for each in self.seen for earlier, later in pairwise(each)
        )

    def figures(self) -> dict[str, float]:
        """Return count, errors and how long looks took, in seconds."""
        found = {
            name: round(float(np.percentile(self.taken, at)), 5)
            for name, at in PERCENTILES.items()
        }
        return {
            "looks": len(self.taken),
            "errors": len(self.errors),
            "went_back": self.went_back,
            "releases": len({each for seen in self.seen for each in seen}),
            **found,
        }


def watched(
    home: Path, readers: int, pause: float, meanwhile: Callable[[], object]
) -> Looks:
    """Let readers look while something is done, from when all have begun.

    Raises:
        SystemExit: A reader failed; what it said is shown.
    """
    stop = home / "stop"
    for old in home.glob("stop*"):
        old.unlink()
    script = str(Path(__file__).with_name("reader.py"))
    command = [sys.executable, script, str(stop), str(pause)]
    with ExitStack() as stack:
        reading = [stack.enter_context(started(command, home)) for _ in range(readers)]
        try:
            wait_for(home, readers)
            meanwhile()
        finally:
            stop.touch()
        return Looks.of([each.ended() for each in reading])


def wait_for(home: Path, readers: int) -> None:
    """Wait until so many readers have begun."""
    until = time.monotonic() + BEGUN_WITHIN_S
    while len(list(home.glob("stop.*"))) < readers:
        if time.monotonic() > until:
            say(f"not all of {readers} readers began in {BEGUN_WITHIN_S} s")
            return
        time.sleep(0.1)


def measured(home: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Make a house, and look at it idle and in a night.

    Raises:
        SystemExit: A reader failed, or the night did.
    """
    settings = Settings(company="demo", home=home)
    size = Size(asked.customers, asked.days, asked.lines, nights=2, repeats=1)
    first, second = deliveries(settings, size)
    clientele(home, "night", "--json")
    nights = []

    def night_of(date: Path) -> None:
        date.rename(settings.places.landing / date.name)
        nights.append(clientele(home, "night", "--json"))

    night_of(first)
    say(f"  a night alone        {nights[0].seconds:8.1f} s")
    crowd = (home, asked.readers, asked.pause)
    idle = watched(*crowd, lambda: time.sleep(asked.idle))
    say(f"  idle                 {idle.figures()}")
    during = watched(*crowd, lambda: night_of(second))
    say(f"  during a night       {during.figures()}")
    return report(asked, idle, during, nights)


def report(
    asked: argparse.Namespace, idle: Looks, during: Looks, nights: Sequence[Run]
) -> dict[str, Any]:
    """Return the figures as the benchmark's one line of JSON."""
    quiet, busy = idle.figures(), during.figures()
    return {
        "benchmark": "readers",
        "size": {
            "customers": asked.customers,
            "days": asked.days,
            "readers": asked.readers,
            "looks": busy["looks"],
        },
        "ratios": {
            "errors_to_looks": round(busy["errors"] / max(1, busy["looks"]), 5),
            "p50_to_idle": round(busy["p50"] / quiet["p50"], 2),
            "p99_to_idle": round(busy["p99"] / quiet["p99"], 2),
            "night_to_night_alone": round(nights[1].seconds / nights[0].seconds, 2),
        },
        "seconds": {
            "idle": quiet,
            "during": busy,
            "night_alone": round(nights[0].seconds, 2),
            "night_with_readers": round(nights[1].seconds, 2),
        },
        "peak_mb": {"night_with_readers": round(nights[1].peak_mb)},
        "errors": sorted(set(during.errors))[:5],
    }


def options() -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=10, help="dates of the full build")
    parser.add_argument("--lines", type=int, default=20, help="sale lines a customer")
    parser.add_argument("--readers", type=int, default=4, help="readers at once")
    parser.add_argument("--pause", type=float, default=0.2, help="s between two looks")
    parser.add_argument("--idle", type=float, default=30, help="s to look when idle")
    parser.add_argument("--home", type=Path, help="where to keep the data afterwards")
    return parser.parse_args()


def main() -> None:
    """Measure at the size asked for and print the figures as one line of JSON."""
    asked = options()
    with lent(asked.home) as home:
        keep(measured(home, asked), asked.home)


if __name__ == "__main__":
    main()
