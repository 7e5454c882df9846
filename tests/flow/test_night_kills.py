"""A night killed at any moment is simply run again.

A short chain of kills, each of which meets what the one before left; `make faults`
kills at every edge and at random moments.
"""

from collections.abc import Callable
from pathlib import Path

from corner_shop import DELIVERIES, deliver, made_at_once, open_corner
from faults.nights import (
    assert_healed,
    assert_whole,
    run_killed,
    workers,
)

from warehouse.errors import ExitCode

Once = Callable[[str, Callable[[Path], None]], Path]

CHAIN = ("between loads", "copy of the ledger begun", "amid dbt marts")
"""One edge while deliveries come in, one between two databases, one amid the build."""


def test_a_killed_night_is_simply_run_again(once: Once, tmp_path: Path) -> None:
    """Ledger, control totals and tables equal those of an undisturbed night."""
    undisturbed = made_at_once(once)
    house = open_corner(tmp_path)
    deliver(house, DELIVERIES)
    context = workers()
    for edge in CHAIN:
        assert run_killed(context, house, edge=edge).was_killed, edge
        assert_whole(house, {0})
    assert run_killed(context, house).exit_code == ExitCode.DONE
    assert_healed(house, undisturbed)
