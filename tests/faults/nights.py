"""Nights in processes of their own, killed at an edge or after a while.

The processes are forked from one that has loaded all modules, so that a killed night
costs what it did, and not the time that loading takes.
"""

import os
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Event
from pathlib import Path

from night_world import PUBLISHED, Nights

from faults.edges import EDGES
from pipelines.night import dates_to_run, run_night
from pipelines.progress import Silence
from warehouse.database import attach, session
from warehouse.digest import digest_database
from warehouse.publication import current_release, verify
from warehouse.publication.release import Release

PRELOADED = (
    *("pandas", "pipelines.definitions", "pipelines.night", "expectations"),
    *("dbt.adapters.duckdb.impl", "splink", "faults.nights"),
)
LEDGER = """
    select
        source_name, table_name, delivered_name, business_date, status,
        rows_delivered, rows_loaded, rows_quarantined, rows_repeated, known_at
    from quality.fct_load order by load_id
"""
PER_RUN = "quality.fct_check_result"
"""Its rows tell what each run found, so more runs make more rows."""
LONGEST_NIGHT = 600


@dataclass(frozen=True)
class Killed:
    """What became of a night that was to be killed.

    Attributes:
        at: The edge, or the second of the night.
        exit_code: What the process ended with; `-SIGKILL` when it was killed in time.
        seconds: How long the night had been running.
    """

    at: str
    exit_code: int
    seconds: float

    @property
    def was_killed(self) -> bool:
        """Return whether it was killed before it ended by itself."""
        return self.exit_code == -signal.SIGKILL


def workers() -> ForkServerContext:
    """Return a context whose processes start with everything loaded."""
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return context


def _night(house: Nights, log: Path, edge: str | None, ready: Event) -> None:
    """Run a night in this process, which is to die at an edge."""
    with log.open("a", encoding="utf-8") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    if edge is not None:
        EDGES[edge]()
    ready.set()
    outcome = run_night(house.settings, house.company, progress=Silence())
    if outcome.error:
        print(outcome.error, flush=True)
    sys.exit(int(outcome.exit_code))


def run_killed(
    context: ForkServerContext,
    house: Nights,
    *,
    edge: str | None = None,
    after: float = LONGEST_NIGHT,
) -> Killed:
    """Run a night and kill it at an edge, or after some seconds, if it lasts so long.

    Args:
        context: Where its process is forked.
        house: Whose night.
        edge: The edge at which it dies, by its name in `EDGES`.
        after: The seconds after which it is killed from outside.
    """
    ready = context.Event()
    log = house.settings.home / "killed.log"
    night = context.Process(target=_night, args=(house, log, edge, ready))
    night.start()
    ready.wait(timeout=LONGEST_NIGHT)
    started = time.monotonic()
    night.join(timeout=after)
    seconds = time.monotonic() - started
    if night.is_alive():
        night.kill()
    night.join(timeout=30)
    code = night.exitcode
    return Killed(edge or f"{seconds:.1f} s", -1 if code is None else code, seconds)


def published_digests(release: Release) -> dict[str, str]:
    """Return the digest of each table of a release, personal columns with them."""
    return {
        f"{file.stem}.{name}": digest
        for file in (release.marts, release.restricted)
        for name, digest in digest_database(file, PUBLISHED).items()
        if name != PER_RUN
    }


def assert_whole(house: Nights, allowed: set[int]) -> int:
    """Look at what a killed night left, as its readers and an operator would.

    The copy of the ledger may be older than the ledger: the next night makes it anew.

    Args:
        house: Whose night was killed.
        allowed: The last loads that what is published may follow from; 0 stands for
            nothing published.

    Returns:
        The last load of the current release.
    """
    copy = str(house.settings.places.ledger_copy)
    damage = [each for each in verify(house.settings) if each.where != copy]
    assert damage == [], f"verify finds {damage}"
    release = current_release(house.settings)
    last = release.last_load_id if release else 0
    assert last in allowed, f"load {last} is published"
    return last


def assert_healed(house: Nights, undisturbed: Nights) -> None:
    """Hold a house against one in which nothing was ever killed.

    Ledger, control totals and every published table are equal, nothing is left to do,
    and every block of every file can be read.
    """
    found, expected = (current_release(each.settings) for each in (house, undisturbed))
    assert found is not None
    assert expected is not None
    assert house.rows(LEDGER) == undisturbed.rows(LEDGER), "the ledger differs"
    ours, theirs = published_digests(found), published_digests(expected)
    differing = sorted(
        name for name in ours | theirs if ours.get(name) != theirs.get(name)
    )
    assert differing == [], f"tables differ: {differing}"
    counted = set(totals(house)) ^ set(totals(undisturbed))
    assert not counted, f"totals differ: {sorted(map(str, counted))}"
    damage = verify(house.settings, deep=True)
    assert damage == [], f"verify finds {damage}"
    left_to_do = dates_to_run(house.settings, house.company, None)
    assert left_to_do == [], f"dates are left to run: {left_to_do}"
    left = {path.name for path in house.settings.places.published.iterdir()}
    assert all("." not in name for name in left), left
    assert list(house.settings.places.temporary.iterdir()) == [], "spill is left"


def totals(house: Nights) -> list[tuple[object, ...]]:
    """Count the rows of each table of the archive, and what is kept of files."""
    settings = house.settings
    with session(settings) as connection:
        attach(connection, settings.places.archive, alias="archive")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'archive' and schema_name <> 'checks' order by all"
        ).fetchall()
        counted: list[tuple[object, ...]] = [
            (schema, table, len(connection.table(f"archive.{schema}.{table}")))
            for schema, table in tables
        ]
    kept = sorted(path.name for path in settings.places.deliveries.iterdir())
    return [*counted, *[(name,) for name in kept]]
