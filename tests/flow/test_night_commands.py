"""`clientele night` when nothing came, or another night runs; `status` meanwhile."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from house import House

from warehouse.database import session
from warehouse.locking import one_writer
from warehouse.settings import PROJECT_ROOT

DEAR = ("dagster", "dbt", "great_expectations", "splink", "scipy")
IDLE_NIGHT = """
import atexit, sys

def tell():
    loaded = {name.partition(".")[0] for name in sys.modules}
    print(sorted(loaded & set(sys.argv[1:])), file=sys.stderr)

atexit.register(tell)
from pipelines.cli.main import main
main(["night"])
"""


def files_of(house: House) -> dict[str, int]:
    """Return the files of archive and releases, each with its size."""
    places = house.settings.places
    folders = (places.deliveries, places.published)
    files = [file for folder in folders for file in folder.rglob("*")]
    files += [places.archive, places.work]
    return {
        file.as_posix(): file.stat().st_size
        for file in files
        if file.is_file() and not file.is_symlink()
    }


def test_a_night_with_nothing_new_ends_at_once(demo_copy: House) -> None:
    """It says so, loads nothing that is dear, and leaves everything as it was."""
    before = files_of(demo_copy)
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-c", IDLE_NIGHT, *DEAR],
        cwd=PROJECT_ROOT,
        env=demo_copy.environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "Nothing new was delivered; r-000001 stays published." in result.stdout
    assert result.stderr.strip() == "[]"
    assert files_of(demo_copy) == before


@contextmanager
def night_at_work(house: House) -> Iterator[None]:
    """Hold what a night holds: the lock, and the archive open to write."""
    settings = house.settings
    with one_writer(settings), session(settings, write=settings.places.archive):
        yield


@pytest.fixture
def waiting(tiny_company: House) -> House:
    """The tiny company with a delivery that waits, and one that nobody claims."""
    tiny_company.deliver("2026-01-05", "members.csv", "member,name,email,city\n")
    tiny_company.deliver("2026-01-05", "membres.csv", "member,name,email,city\n")
    return tiny_company


def test_a_second_night_fails_at_once(waiting: House) -> None:
    """Before it loads anything, and in plain words."""
    with night_at_work(waiting):
        result = waiting.run("night")
    assert result.returncode == 1
    assert f"another night is running, as process {os.getpid()}" in result.stderr
    assert "mend:" in result.stderr
    assert "Traceback" not in result.stderr
    assert "start dagster" not in result.stderr


def test_status_is_told_while_a_night_runs(waiting: House) -> None:
    """It reads the ledger's copy, so it needs no lock, and takes none."""
    with night_at_work(waiting):
        found = json.loads(waiting.done("status", "--json"))
        said = waiting.done("status")
    assert found["running"] == os.getpid()
    assert (found["waiting"], found["unclaimed"]) == (1, ["2026-01-05/membres.csv"])
    assert "A night is running" in said
    assert "2026-01-05/membres.csv" in said
    assert json.loads(waiting.done("status", "--json"))["running"] is None


def test_what_no_contract_claims_is_said_at_the_end_of_a_night(
    demo_night: House, demo_copy: House
) -> None:
    """A misspelled name must not be overlooked."""
    home = demo_night.settings.home
    said = json.loads((home / "night.json").read_text(encoding="utf-8"))
    assert said["unclaimed"] == []
    landing: Path = demo_copy.settings.places.landing
    date = sorted(folder.name for folder in landing.iterdir() if folder.is_dir())[0]
    demo_copy.deliver(date, "regstrations.csv", "x\n")
    assert f"No contract claims {date}/regstrations.csv" in demo_copy.done("night")
