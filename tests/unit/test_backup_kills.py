"""A backup or a restore killed at any edge of its steps loses nothing."""

import signal
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest
from backup_world import contents, copy_house, make_house, save
from faults.edges import BACKING_UP, RESTORING
from receiving_world import HEADER, World

from warehouse.backup import Backup, backups, restore, verify_backup
from warehouse.locking import one_writer
from warehouse.publication import current_release, verify

GONE = "without exchange, none in its place"
"""The one edge at which no home is there till somebody opens it."""
AFTER = ("exchanged", "the one before aside", GONE, "without exchange, in its place")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A house that is only copied."""
    return make_house(tmp_path_factory.mktemp("house"))


@pytest.fixture
def house(made: World, tmp_path: Path) -> World:
    """A house of one's own."""
    return copy_house(made, tmp_path / "house")


def _back_up(house: World, folder: Path, edge: str) -> None:
    BACKING_UP[edge]()
    save(house, folder)


def _restore(house: World, backup: Backup, edge: str) -> None:
    RESTORING[edge]()
    restore(house.settings, backup, replace=True)


def kill(act: Callable[..., None], *given: object) -> None:
    """Do something in a process that dies at an edge."""
    workers = get_context("forkserver")
    workers.set_forkserver_preload(["pandas", "warehouse.backup", "backup_world"])
    process = workers.Process(target=act, args=given)
    process.start()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("edge", BACKING_UP)
def test_what_a_killed_backup_left_is_whole_or_no_backup(
    house: World, tmp_path: Path, edge: str
) -> None:
    """The backup before stays, the home is as it was, and the next one is made."""
    disk = tmp_path / "disk"
    held = contents(save(house, disk).backup.folder)
    before = contents(house.settings.places.root)
    kill(_back_up, house, disk, edge)
    found = backups(disk, "tiny")
    assert len(found) == (2 if edge in ("named", "noted") else 1)
    assert all(not verify_backup(house.settings, each) for each in found)
    assert contents(house.settings.places.root) == before
    made = save(house, disk).backup
    assert contents(made.folder) == held
    assert list((disk / "tiny").glob("*.building")) == []


@pytest.fixture
def went_on(house: World, tmp_path: Path) -> tuple[World, Backup]:
    """A house that has received something since its backup."""
    backup = save(house, tmp_path / "disk").backup
    house.receive(HEADER + b"5,Eve,30,1990-01-01,1.50\n", "people-4")
    return house, backup


@pytest.mark.parametrize("edge", RESTORING)
def test_a_restore_killed_at_any_edge_leaves_a_home_and_loses_none(
    went_on: tuple[World, Backup], edge: str
) -> None:
    """It is the one before, or the one that comes back; restored again, it is that."""
    house, backup = went_on
    root = house.settings.places.root
    before = contents(root)
    lying = {name: before[name] for name in before if name.startswith("landing/")}
    back = contents(backup.folder) | lying
    kill(_restore, house, backup, edge)
    assert root.exists() is (edge != GONE)
    with one_writer(house.settings):
        pass
    found = contents(root)
    assert found == (back if edge in (*AFTER, "put there") else before)
    asides = list(root.parent.glob("tiny.before-*"))
    assert before in (found, *map(contents, asides))
    assert current_release(house.settings) is not None
    restore(house.settings, backup, replace=True)
    assert contents(root) == back
    assert verify(house.settings) == []
    assert before in map(contents, root.parent.glob("tiny.before-*"))
    assert list(root.parent.glob(".*")) == []
    assert not (root / ".restored").exists()


def test_a_restore_into_an_empty_place_leaves_nothing_beside(
    house: World, tmp_path: Path
) -> None:
    """Killed before what held nothing was removed, the next one removes it."""
    backup = save(house, tmp_path / "disk").backup
    house.settings = house.settings.model_copy(update={"home": tmp_path / "elsewhere"})
    kill(_restore, house, backup, "put there")
    home = house.settings.home
    assert sorted(path.name for path in home.iterdir()) == [".tiny.emptied", "tiny"]
    restore(house.settings, backup, replace=True)
    assert contents(home / "tiny") == contents(backup.folder)
    assert list(home.glob(".*")) == []
