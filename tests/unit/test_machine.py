"""Faults of the machine are told in words, with the mend; provoked, not made up."""

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from publication_world import make_settings

from warehouse.database import attach, session
from warehouse.errors import ClienteleError, WrongUseError
from warehouse.machine import in_words, models_at_once, text_in_words
from warehouse.settings import Settings

HOLD = """
import sys
import duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A house with a work database of one table."""
    settings = make_settings(tmp_path)
    with session(settings, write=settings.places.work) as connection:
        connection.execute("create table many as select hash(range) from range(50000)")
    return settings


def told(error: BaseException) -> str:
    """Say the error in words."""
    found = in_words(error)
    assert found is not None, error
    return str(found)


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EROFS, "the disk may only be read"),
        (errno.EACCES, "may not be used by this user"),
        (errno.EPERM, "may not be used by this user"),
        (errno.EIO, "the disk fails"),
        (errno.ENOMEM, "the memory is not enough"),
    ],
)
def test_what_the_system_says(code: int, what: str) -> None:
    """The file is named, and the mend is one that can be done."""
    said = told(OSError(code, os.strerror(code), "/data/demo/archive.duckdb"))
    assert what in said
    assert "/data/demo/archive.duckdb" in said


def test_who_holds_a_database_is_named(settings: Settings) -> None:
    """Somebody may have opened the work database, which is not for readers."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", HOLD, str(settings.places.work)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(duckdb.IOException) as caught,
            session(settings, write=settings.places.work),
        ):
            pass
        holder.kill()
    said = told(caught.value)
    assert f"has the database open, as process {holder.pid}" in said
    assert str(settings.places.work) in said


@pytest.mark.parametrize(
    ("limit", "what"),
    [
        ("set temp_directory = ''", "the memory is not enough"),
        ("set max_temp_directory_size = '1MB'", "found no room on the disk either"),
    ],
)
def test_a_limit_that_is_reached(settings: Settings, limit: str, what: str) -> None:
    """Of memory, and of what lies on the disk in its place."""
    small = settings.model_copy(update={"memory_limit": "20MB"})
    with session(small) as connection:
        connection.execute(limit)
        with pytest.raises(duckdb.OutOfMemoryException) as caught:
            connection.execute(
                "create temp table big as "
                "select hash(range), hash(range + 1) from range(5000000)"
            )
    assert what in told(caught.value)


@pytest.mark.parametrize(
    ("position", "cut"), [(9, False), (5_000, False), (0, True)], ids=str
)
def test_a_damaged_database(settings: Settings, position: int, cut: bool) -> None:
    """Its first block, another one, and a file that was cut."""
    work = settings.places.work
    data = bytearray(work.read_bytes())
    data[position] ^= 4
    work.write_bytes(data[:3000] if cut else data)
    with session(settings) as connection, pytest.raises(duckdb.Error) as caught:
        attach(connection, work, alias="work")
    assert "a database file is damaged" in told(caught.value)


def test_what_sqlite_says(tmp_path: Path) -> None:
    """Dagster keeps its storage there."""
    (tmp_path / "runs.db").write_bytes(b"no database" * 1000)
    with pytest.raises(sqlite3.DatabaseError) as caught:
        sqlite3.connect(tmp_path / "runs.db").execute("select 1 from sqlite_master")
    assert "a database file is damaged" in told(caught.value)


def test_the_cause_is_looked_for(tmp_path: Path) -> None:
    """Frameworks wrap what they met."""
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise RuntimeError("the step failed") from error
    except RuntimeError as wrapped:
        assert "the disk is full" in told(wrapped)


def test_an_error_of_the_house_is_its_own_words() -> None:
    """Nothing is added, and its exit code stays."""
    error = WrongUseError("no such thing", where="here", mend="Ask for another.")
    assert in_words(error) is error


@pytest.mark.parametrize(
    "error",
    [
        ValueError("disk is full of joy"),
        OSError(errno.ENOENT, "No such file or directory", "/data/x"),
        duckdb.ConversionException("Could not convert string 'Ann' to INT32"),
    ],
)
def test_what_is_no_fault_of_the_machine_is_not_told_as_one(error: Exception) -> None:
    """A fault of ours must not hide behind a disk."""
    assert in_words(error) is None


def test_no_value_of_a_row_is_told() -> None:
    """A message may quote data; only paths are taken from it."""
    found = text_in_words(
        """Constraint 'Ann Lee': could not write "/data/a": No space left on device""",
        where="stage marts",
    )
    assert isinstance(found, ClienteleError)
    assert "Ann" not in str(found)
    assert found.where == "/data/a"


@pytest.mark.parametrize(
    ("memory", "threads", "at_once"),
    [("8GB", 4, 4), ("3.1 GiB", 4, 3), ("1GB", 4, 2), ("900MB", 4, 2), ("900MB", 1, 1)],
)
def test_fewer_models_are_built_at_once_where_memory_is_scarce_for_what_is_kept(
    settings: Settings, memory: str, threads: int, at_once: int
) -> None:
    """Large models share one memory, and would write what does not fit to disk."""
    with settings.places.archive.open("wb") as archive:
        archive.truncate(250_000_000)
    small = settings.model_copy(update={"memory_limit": memory, "threads": threads})
    assert models_at_once(small) == at_once
