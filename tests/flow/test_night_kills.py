"""A night killed at any moment is simply run again.

The command is killed as a whole, by what it can be seen to have begun; each kill of a
chain meets what the one before left.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from corner_shop import DELIVERIES, deliver, made_at_once, open_corner
from house import BIN
from night_world import Nights

from warehouse.settings import PROJECT_ROOT, Places

Once = Callable[[str, Callable[[Path], None]], Path]

LEDGER = """
    select
        source_name, table_name, delivered_name, business_date, status,
        rows_delivered, rows_loaded, rows_quarantined, rows_repeated
    from quality.fct_load order by load_id
"""
SECONDS_TO_WAIT = 120


def has_touched(path: Path, started: float) -> bool:
    """Return whether a file was written since."""
    return path.exists() and path.stat().st_mtime > started


def is_receiving(places: Places, started: float) -> bool:
    """A transaction of a load is open, or has just been written."""
    wal = places.archive.with_name(places.archive.name + ".wal")
    return has_touched(wal, started) or has_touched(places.archive, started)


def has_received(places: Places, started: float) -> bool:
    """The copy of the ledger is made."""
    return has_touched(places.ledger_copy, started) or is_building(places, started)


def is_building(places: Places, started: float) -> bool:
    """Dbt writes the work database."""
    return has_touched(places.work, started)


def is_publishing(places: Places, started: float) -> bool:
    """A release is being built in its folder."""
    return any(has_touched(each, started) for each in places.published.glob("r-*"))


def has_published(places: Places, started: float) -> bool:
    """Readers were switched."""
    link = places.current
    return link.is_symlink() and link.lstat().st_mtime > started


Edge = Callable[[Places, float], bool]


def run_killed(house: Nights, edge: Edge, pause: float) -> None:
    """Run a night and kill it a pause after an edge, if it has not ended by then."""
    started = time.time()
    process = subprocess.Popen(  # noqa: S603
        [str(BIN / "clientele"), "night"],
        cwd=PROJECT_ROOT,
        env=house.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while process.poll() is None and not edge(house.settings.places, started):
            assert time.time() - started < SECONDS_TO_WAIT
            time.sleep(0.002)
        time.sleep(pause)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(
            [(is_receiving, 0.0), (has_received, 0.0), (is_building, 0.0)],
            id="while deliveries come in",
        ),
        pytest.param(
            [(is_building, 4.0), (is_publishing, 0.0), (has_published, 0.0)],
            id="while releases are made",
        ),
        pytest.param([(is_building, None), (is_building, None)], id="anywhen"),
    ],
)
def test_a_killed_night_is_simply_run_again(
    once: Once, tmp_path: Path, kills: list[tuple[Edge, float | None]]
) -> None:
    """Ledger, control totals and tables equal those of an undisturbed night."""
    undisturbed = made_at_once(once)
    house = open_corner(tmp_path)
    deliver(house, DELIVERIES)
    anywhen = random.SystemRandom()
    for edge, pause in kills:
        run_killed(house, edge, anywhen.uniform(0, 12) if pause is None else pause)
    house.done("night")
    assert house.rows(LEDGER) == undisturbed.rows(LEDGER)
    expected, found = undisturbed.digests(), house.digests()
    assert [name for name in expected if found.get(name) != expected[name]] == []
    house.done("verify", "--deep")
    assert "Nothing new" in house.done("night")
