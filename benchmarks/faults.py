"""Faults made on purpose, and what became of them: the long form of the tests.

Nights killed at every step's edge and at random moments, publishers killed under
readers, full and read-only disks, limits that are reached, damaged files, deliveries in
random order. Each is held against a house in which nothing ever happened. The last line
is one line of JSON; it is kept in `var/benchmarks/` too. What is injected is in
`tests/faults`.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from history import HISTORY, keep
from processes import say

from warehouse.settings import PROJECT_ROOT

PARTS = ("kills", "readers", "shortages", "damage", "orders")


def run_part(name: str, root: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Run one part and return its figures, with the list of what was not as it must be.

    Args:
        name: One of `PARTS`, each a module of `tests/faults`.
        root: A folder for its houses.
        asked: What was asked for on the command line.
    """
    say(f"{name}:")
    started = time.monotonic()
    figures: dict[str, Any] = import_module(f"faults.{name}").measure(
        root / name, asked, say
    )
    say(f"  {len(figures['faults'])} faults in {time.monotonic() - started:.0f} s")
    return figures | {"seconds": round(time.monotonic() - started, 1)}


def report(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the figures as one line of JSON."""
    counted = ("kills", "edges", "publishers_killed", "looks", "cases", "orders")
    counted += ("night_orders",)
    return {
        "benchmark": "faults",
        "size": {
            count: sum(part.get(count, 0) for part in found.values())
            for count in counted
        }
        | {"cores": os.cpu_count()},
        "ratios": {
            "faults_to_injections": round(
                sum(len(part["faults"]) for part in found.values())
                / max(1, sum(part["injected"] for part in found.values())),
                4,
            )
        },
        "seconds": {name: part["seconds"] for name, part in found.items()},
        "peak_mb": {},
        "parts": found,
    }


def main() -> None:
    """Run the parts asked for and print the figures as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all when none")
    parser.add_argument("--kills", type=int, default=100, help="at random moments")
    parser.add_argument("--orders", type=int, default=200, help="orders of deliveries")
    parser.add_argument("--night-orders", type=int, default=20, help="in whole nights")
    parser.add_argument("--publications", type=int, default=200, help="under readers")
    parser.add_argument("--at-once", type=int, default=2, help="nights at once")
    parser.add_argument("--seed", type=int, default=1, help="of random moments")
    parser.add_argument("--no-edges", action="store_true", help="leave the edges out")
    asked = parser.parse_args()
    sys.path.insert(0, str(PROJECT_ROOT / "tests"))
    HISTORY.mkdir(parents=True, exist_ok=True)
    root = Path(tempfile.mkdtemp(dir=HISTORY))
    found = {name: run_part(name, root, asked) for name in asked.parts or PARTS}
    result = report(found)
    keep(result)
    if any(part["faults"] for part in found.values()):
        say(f"The houses lie in {root}.")
        sys.exit(1)
    shutil.rmtree(root)


if __name__ == "__main__":
    main()
