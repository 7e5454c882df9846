"""What a release costs, beside plain copies of the same files and the same tables.

Reads the home at hand (`CLIENTELE_HOME`, `CLIENTELE_COMPANY`) and publishes its work
database again, into folders of its own that are removed afterwards: written whole, and
as the last night did, upon the release before, if that is kept. A night copies the
files before while it builds: `night` is all that the release costs, `ahead` what of it
is done by then, `step` what is left. The peers, in the same
run: a copy of the files that were published, flushed to the disk as a release is;
and DuckDB's own copy of the tables in them into one new file, for a release is not
copied but written, sorted, compressed, digested and audited. The last line is one line
of JSON; it is kept in `var/benchmarks/` too.
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from history import keep
from memory import peak_mb

from warehouse.clock import SystemClock
from warehouse.company import read_company
from warehouse.database import attach
from warehouse.extra_attributes import describe
from warehouse.flushing import flush
from warehouse.publication import (
    Begun,
    Release,
    begin,
    current_release,
    publish,
    releases,
)
from warehouse.settings import Settings

Publisher = Callable[..., Release]
RATIOS = (
    ("publish", "copy_of_files"),
    ("publish", "copy_of_tables"),
    ("night", "copy_of_files"),
    ("step", "copy_of_files"),
)
"""What is held against which peer."""


def seconds(
    work: Callable[[], object],
    repeats: int,
    *,
    prepare: Callable[[], object] = lambda: None,
) -> float:
    """Return the median time that something takes, each time after a preparation."""
    taken = []
    for _ in range(repeats):
        prepare()
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def copy_files(release: Release, folder: Path) -> None:
    """Copy the files of a release as any program would, and flush them."""
    for name in release.files:
        target = folder / f"plain-{name}"
        target.unlink(missing_ok=True)
        shutil.copyfile(release.folder / name, target)
        flush(target)


def copy_tables(release: Release, folder: Path) -> None:
    """Let DuckDB write the tables of a release into a new file."""
    target = folder / "tables.duckdb"
    target.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        for name, file in (("marts", release.marts), ("names", release.restricted)):
            attach(connection, file, alias=name)
        attach(connection, target, alias="copied", read_only=False)
        tables = connection.execute(
            "select database_name, schema_name, table_name from duckdb_tables() "
            "where database_name in ('marts', 'names')"
        ).fetchall()
        connection.execute("use copied")
        for database, schema, table in tables:
            there = f"{database}_{schema}"
            connection.execute(f"create schema if not exists {there}")
            connection.table(f"{database}.{schema}.{table}").create(f"{there}.{table}")
        connection.execute("checkpoint")
    flush(target)


def elsewhere(settings: Settings, home: Path) -> Settings:
    """Return a home whose work database is that of the home at hand."""
    away = settings.model_copy(update={"home": home})
    away.places.prepare()
    away.places.work.symlink_to(settings.places.work)
    return away


def with_only(settings: Settings, release: Release) -> None:
    """Leave nothing published in a home but a copy of a release."""
    published = settings.places.published
    for folder in published.glob("r-*"):
        folder.chmod(0o750)
        shutil.rmtree(folder)
    shutil.copytree(release.folder, published / release.release)
    settings.places.current.unlink(missing_ok=True)
    settings.places.current.symlink_to(release.release)
    for name in release.files:
        flush(published / release.release / name)


def publisher(home: Settings, like: Release, manifest: dict[str, Any]) -> Publisher:
    """Return what publishes the work database of a home again, whole or not."""

    def published(*, whole: bool = False, begun: Begun | None = None) -> Release:
        return publish(
            home,
            manifest,
            clock=SystemClock(),
            business_dates=like.business_dates,
            last_load_id=like.last_load_id,
            whole=whole,
            begun=begun,
            kept=1,
        )

    return published


def copied_ahead(home: Settings) -> Begun:
    """Begin a release, and wait for the copies of the files before it."""
    begun = begin(home)
    for copy in begun.copies.values():
        copy.result()
    return begun


def night_seconds(
    home: Settings, again: Publisher, before: Release, repeats: int
) -> dict[str, float]:
    """Time what a night copies ahead, the step that is left, and both together."""
    left = partial(with_only, home, before)
    begun: list[Begun] = []

    def begin_again() -> None:
        left()
        begun[:] = [copied_ahead(home)]

    ahead = seconds(lambda: copied_ahead(home), repeats, prepare=left)
    step = seconds(lambda: again(begun=begun[0]), repeats, prepare=begin_again)
    return {"ahead": ahead, "step": step, "night": ahead + step}


def measured(settings: Settings, folder: Path, repeats: int) -> dict[str, Any]:
    """Publish and copy.

    Raises:
        SystemExit: Nothing is published yet, so there is nothing to copy.
    """
    release = current_release(settings)
    if release is None:
        raise SystemExit("There is no release: run `make night` first.")
    manifest = json.loads((settings.places.target / "manifest.json").read_text("utf-8"))
    describe(manifest, read_company(settings).extra_attributes())
    away = elsewhere(settings, folder / "home")
    again = publisher(away, release, manifest)
    earlier = [each for each in releases(settings) if each.number < release.number]
    before = [*earlier, release][-2:][0]
    copy_files(release, folder)
    taken = {
        "publish": seconds(lambda: again(whole=True), repeats),
        **night_seconds(away, again, before, repeats),
        "copy_of_files": seconds(lambda: copy_files(release, folder), repeats),
        "copy_of_tables": seconds(lambda: copy_tables(release, folder), repeats),
    }
    made = current_release(away)
    if made is None or made.tables != release.tables:
        raise SystemExit("What was published again is not what was published.")
    size = sum(facts.bytes for facts in release.files.values()) / 1e6
    return {
        "benchmark": "publication",
        "size": {"mb": round(size, 1), "tables": len(release.tables)},
        "ratios": {
            f"{what}_to_{peer}": round(taken[what] / taken[peer], 2)
            for what, peer in RATIOS
        },
        "seconds": {name: round(value, 3) for name, value in taken.items()},
        "peak_mb": peak_mb(),
    }


def main() -> None:
    """Measure the home at hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="times each is done")
    parser.add_argument("--folder", type=Path, help="where to write; else a temporary")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        keep(measured(Settings(), Path(folder), asked.repeats))


if __name__ == "__main__":
    main()
