"""Too little memory, room or leave: told in words, nobody is to blame, and it heals.

What takes the superuser, a disk that is full or may only be read, is in `make faults`.
"""

import hashlib
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb
import pytest
from faults.houses import Content, assert_heals, content, open_world
from faults.shortages import locked, obey_modes
from receiving_world import PEOPLE, World, table

from warehouse.database import session, transaction
from warehouse.errors import MachineError
from warehouse.machine import in_words
from warehouse.receiving import landing, loading, receive

ROWS = 400_000
"""What these hold does not fit into the memory below, and what is read of them does."""
LITTLE = "48MB"


def told(error: BaseException) -> str:
    """Return what a person is told of an error."""
    words = in_words(error)
    assert words is not None, error
    return str(words)


@pytest.fixture(scope="module")
def unhurt(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Return what the company holds after a night in which nothing happened."""
    world = open_world(tmp_path_factory.mktemp("unhurt"))
    world.night()
    return content(world)


def world_of(folder: Path, rows: int, **settings: Any) -> World:  # noqa: ANN401
    """Return a company of one delivery, which is received with nothing beside it."""
    contract = table(delivery="delta", keys=["id"], columns=PEOPLE[:2])
    world = World(folder, contract, threads=1, **settings)
    names = (hashlib.sha256(b"%d" % n).hexdigest()[:32] for n in range(rows))
    lines = (f"{n},{name}\n" for n, name in enumerate(names))
    os.utime(world.deliver(("id,name\n" + "".join(lines)).encode()), (0, 0))
    return world


@contextmanager
def short_in_commit(
    connection: duckdb.DuckDBPyConnection, *, log: str
) -> Iterator[None]:
    """Write in a transaction whose commit finds as little memory as can be."""
    beside = connection.cursor()
    connection.execute(f"set wal_autocheckpoint = '{log}'")
    with transaction(connection):
        yield
        for hundreds in range(1, 200):
            # A statement that fails in the transaction would end it.
            with suppress(duckdb.OutOfMemoryException):
                beside.execute(f"set memory_limit = '{hundreds}00KB'")
                break


@pytest.mark.parametrize(
    ("rows", "log", "said"),
    [
        pytest.param(5000, "256MB", "failed to pin block", id="the log, aborted"),
        pytest.param(5000, "1KB", "has been invalidated", id="the file, aborted"),
        pytest.param(3, "1KB", "COMMIT succeeded", id="the file, after all"),
    ],
)
def test_a_commit_that_finds_too_little_memory_is_told_and_heals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, log: str, said: str
) -> None:
    """DuckDB aborts it, or closes the database before or after it is done."""
    unhurt = world_of(tmp_path / "unhurt", rows)
    unhurt.night()
    world = world_of(tmp_path / "hurt", rows)
    with monkeypatch.context() as patched:
        patched.setattr(loading, "transaction", partial(short_in_commit, log=log))
        with pytest.raises(duckdb.Error, match=said) as caught:
            world.night()
    assert "the memory is not enough" in told(caught.value)
    assert "CLIENTELE_MEMORY_LIMIT" in told(caught.value)
    assert_heals(world, content(unhurt))


@pytest.fixture
def big(tmp_path: Path) -> World:
    """A company whose delivery does not fit into its memory."""
    return world_of(tmp_path, ROWS, memory_limit=LITTLE)


def test_a_cap_on_what_is_spilled_is_told_and_heals_when_raised(
    big: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same night goes through with the same memory and more room beside it."""

    @contextmanager
    def capped(*arguments: Any, **options: Any) -> Iterator[Any]:  # noqa: ANN401
        with session(*arguments, **options) as connection:
            connection.execute("set max_temp_directory_size = '1MB'")
            yield connection

    with monkeypatch.context() as patched:
        patched.setattr(receive, "session", capped)
        with pytest.raises((MachineError, duckdb.Error)) as caught:
            big.night()
    said = told(caught.value)
    assert "what does not fit into memory found no room on the disk either" in said
    assert "Free space where CLIENTELE_HOME lies" in said
    [load] = big.night()
    assert (load.load_id, load.status, load.rows_loaded) == (1, "loaded", ROWS)


def test_a_disk_that_is_full_where_it_spills_is_told_and_heals(
    big: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are kept by then, and the archive is not touched yet."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    unpack = landing.unpack

    def fill_up(*arguments: Any) -> Path:  # noqa: ANN401
        plain = unpack(*arguments)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
        return plain

    with monkeypatch.context() as patched:
        patched.setattr(landing, "unpack", fill_up)
        try:
            with pytest.raises((MachineError, duckdb.Error)) as caught:
                big.night()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    said = told(caught.value)
    assert "the disk is full" in said
    assert str(big.settings.places.temporary) in said
    [load] = big.night()
    assert (load.load_id, load.status, load.rows_loaded) == (1, "loaded", ROWS)


LOCKED: dict[str, Callable[[World], Path]] = {
    "archive": lambda world: world.settings.places.archive,
    "deliveries": lambda world: world.settings.places.deliveries,
    "temporary": lambda world: world.settings.places.temporary,
}


def _try_locked(worlds: dict[str, World], sender: Connection) -> None:
    obey_modes()
    for name, world in worlds.items():
        said = "it went through"
        with locked(LOCKED[name](world)):
            try:
                world.night()
            except Exception as error:
                said = str(in_words(error) or repr(error))
        sender.send((name, said))


def test_a_folder_or_file_that_may_not_be_written_is_told_and_heals(
    tmp_path: Path, unhurt: Content
) -> None:
    """By its name, by a night that is no superuser's."""
    worlds = {name: open_world(tmp_path / name) for name in LOCKED}
    for world in worlds.values():
        world.settings.places.prepare()
        with session(world.settings, write=world.settings.places.archive):
            pass
    receiver, sender = get_context("forkserver").Pipe(duplex=False)
    night = get_context("forkserver").Process(target=_try_locked, args=(worlds, sender))
    night.start()
    said = dict(receiver.recv() for _ in LOCKED)
    night.join(timeout=60)
    assert night.exitcode == 0
    for name, world in worlds.items():
        assert "a file or folder may not be used by this user" in said[name], name
        assert str(LOCKED[name](world)) in said[name]
        assert_heals(world, unhurt)
