"""Receiving under faults: nothing that was accepted is lost or applied twice.

Each fault is made in a small company of one table; what the next undisturbed night
gives is held against a company in which nothing happened.
"""

import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import duckdb
import pytest
from faults.edges import RECEIVING
from faults.houses import Content, assert_heals, content, open_world
from receiving_world import World

from warehouse.database import session
from warehouse.errors import MachineError
from warehouse.locking import one_writer
from warehouse.machine import in_words
from warehouse.receiving import keeping, receive, renew_ledger_copy
from warehouse.receiving.ledger_copy import read_copy

EDGES = (
    *("bytes copied", "rows inserted", "before commit", "after commit"),
    *("between loads", "copy of the ledger begun"),
)


@pytest.fixture(scope="module")
def unhurt(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Return what the company holds after a night in which nothing happened."""
    world = open_world(tmp_path_factory.mktemp("unhurt"))
    world.night()
    return content(world)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a company that is to be hurt."""
    return open_world(tmp_path)


def told(error: BaseException) -> str:
    """Return what a person is told of an error."""
    words = in_words(error)
    assert words is not None, error
    return str(words)


def _receive(world: World, edge: str) -> None:
    RECEIVING[edge]()
    world.night()


def kill(world: World, edge: str) -> None:
    """Receive in a process that dies at an edge."""
    workers = get_context("forkserver")
    workers.set_forkserver_preload(["pandas", "warehouse.receiving"])
    night = workers.Process(target=_receive, args=(world, edge))
    night.start()
    night.join(timeout=60)
    assert night.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("edge", EDGES)
def test_a_kill_at_any_edge_loses_nothing_and_repeats_nothing(
    world: World, unhurt: Content, edge: str
) -> None:
    """Bytes, rows, the commit, the load after it, the copy that commands read."""
    kill(world, edge)
    assert_heals(world, unhurt)


def _receive_alone(world: World, at_once: Barrier, sender: Connection) -> None:
    at_once.wait(timeout=60)
    try:
        with one_writer(world.settings):
            world.night()
        sender.send("")
    except Exception as error:
        sender.send(str(error))


def test_two_nights_at_once_give_what_one_gives(world: World, unhurt: Content) -> None:
    """One is told that the other runs, or comes after it and finds nothing to do."""
    workers = get_context("forkserver")
    receiver, sender = workers.Pipe(duplex=False)
    given = (world, workers.Barrier(2), sender)
    nights = [workers.Process(target=_receive_alone, args=given) for _ in range(2)]
    for night in nights:
        night.start()
    said = sorted(receiver.recv() for _ in nights)
    for night in nights:
        night.join(timeout=60)
    assert said[0] == ""
    assert said[1] == "" or "another night is running" in said[1]
    assert content(world) == unhurt
    assert_heals(world, unhurt)


@contextmanager
def full_disk(at: int) -> Iterator[None]:
    """Let no file grow beyond a size, as a disk that fills up would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("at", [1_000, 20_000, 300_000, 700_000, 1_500_000])
def test_a_disk_that_fills_up_is_told_and_mended_by_the_next_night(
    world: World, unhurt: Content, at: int
) -> None:
    """In the new archive, while bytes are kept, in the log, at the checkpoint."""
    with full_disk(at), pytest.raises((MachineError, OSError, duckdb.Error)) as caught:
        world.night()
    assert "the disk is full" in told(caught.value)
    assert_heals(world, unhurt)


@pytest.mark.parametrize("step", ["before_header", "before_truncate"])
def test_a_checkpoint_that_breaks_off_loses_nothing(
    world: World,
    unhurt: Content,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    """What was committed is in the log until the checkpoint is whole."""

    @contextmanager
    def aborting(*arguments: Any, **options: Any) -> Iterator[Any]:  # noqa: ANN401
        with session(*arguments, **options) as connection:
            connection.execute(f"pragma debug_checkpoint_abort = '{step}'")
            yield connection

    with monkeypatch.context() as patched:
        patched.setattr(receive, "session", aborting)
        world.night()
    archive = world.settings.places.archive
    assert archive.with_name(f"{archive.name}.wal").exists()
    assert_heals(world, unhurt)


def test_a_limit_of_memory_that_is_reached_is_told(
    tmp_path: Path, unhurt: Content
) -> None:
    """While rows are read; with more memory the same night goes through."""
    world = open_world(tmp_path, memory_limit="3MB")
    with pytest.raises((MachineError, duckdb.Error)) as caught:
        world.night()
    assert "CLIENTELE_MEMORY_LIMIT" in told(caught.value)
    world.settings = world.settings.model_copy(update={"memory_limit": "1GB"})
    assert_heals(world, unhurt)


@pytest.mark.parametrize(
    ("module", "name"),
    [(keeping.tempfile, "mkstemp"), (keeping.os, "fsync"), (Path, "replace")],
)
def test_a_permission_that_is_lost_is_told(
    world: World,
    unhurt: Content,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
) -> None:
    """While bytes are kept, and while the copy of the ledger is put in place."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied", "archive")

    with monkeypatch.context() as patched:
        patched.setattr(module, name, refuse)
        with pytest.raises(PermissionError) as caught:
            world.night()
    assert "chown" in told(caught.value)
    assert_heals(world, unhurt)


def _stale(world: World, log: Path) -> None:
    """Lay back a log whose content the file already has."""
    saved = log.read_bytes()
    renew_ledger_copy(world.settings)
    with session(world.settings, write=world.settings.places.archive):
        pass
    log.write_bytes(saved)


def _foreign(world: World, log: Path) -> None:
    """Lay another company's log there."""
    other = open_world(world.folder / "other")
    kill(other, "after commit")
    theirs = other.settings.places.archive
    shutil.copyfile(theirs.with_name(f"{theirs.name}.wal"), log)


def _flipped(_world: World, log: Path) -> None:
    data = bytearray(log.read_bytes())
    data[len(data) // 2] ^= 4
    log.write_bytes(data)


@pytest.mark.parametrize("harm", [_stale, _foreign, _flipped])
def test_a_log_that_is_not_the_archives_own_is_refused(
    world: World, unhurt: Content, harm: Callable[[World, Path], None]
) -> None:
    """It is not replayed; moved aside, as the message says, it costs nothing."""
    kill(world, "after commit")
    archive = world.settings.places.archive
    log = archive.with_name(f"{archive.name}.wal")
    harm(world, log)
    with pytest.raises(duckdb.Error) as caught:
        world.night()
    assert "write-ahead log" in told(caught.value)
    log.unlink()
    assert_heals(world, unhurt)


def test_a_log_that_was_cut_gives_its_loads_again(
    world: World, unhurt: Content
) -> None:
    """The copy of the ledger may know of loads that are lost: it is made anew."""
    kill(world, "between loads")
    renew_ledger_copy(world.settings)
    assert world.waits() == ["people-3", "people-4"]
    archive = world.settings.places.archive
    log = archive.with_name(f"{archive.name}.wal")
    with log.open("r+b") as file:
        file.truncate(log.stat().st_size - 50)
    renew_ledger_copy(world.settings)
    assert world.waits() == ["people-2", "people-3", "people-4"]
    assert_heals(world, unhurt)


def test_a_damaged_copy_of_the_ledger_is_made_anew(
    world: World, unhurt: Content
) -> None:
    """It follows from the archive, and is no reason to stop."""
    world.night()
    world.settings.places.ledger_copy.write_bytes(b"no database" * 1000)
    renew_ledger_copy(world.settings)
    assert world.waits() == []
    assert_heals(world, unhurt)


def test_the_ledger_of_an_earlier_version_is_copied(
    world: World, unhurt: Content
) -> None:
    """What its archive lacks is there and empty, and the next night makes it."""
    world.night()
    archive = world.settings.places.archive
    with session(world.settings, write=archive) as connection:
        connection.execute("drop table raw_steward.quarantine_decisions")
    world.settings.places.ledger_copy.unlink()
    renew_ledger_copy(world.settings)
    assert world.waits() == []
    with read_copy(world.settings) as connection:
        assert connection is not None
        assert connection.execute("from ledger.refused").fetchall() is not None
    assert_heals(world, unhurt)
