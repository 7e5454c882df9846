"""A backup holds all that could not be made again, and is never half of one."""

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
from backup_world import contents, copy_house, flip, make_house, modes, save
from receiving_world import GOOD, HEADER, World

from warehouse.backup import backups, find_backup, gathering, last_backup, verify_backup
from warehouse.backup.copying import Copier
from warehouse.errors import ClienteleError, WrongUseError
from warehouse.locking import one_writer
from warehouse.publication import verify
from warehouse.settings import Settings

KILLED = """
import os, sys
import duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("set wal_autocheckpoint = '1GB'")
connection.execute("insert into identity.progress values (2, 'rules', 'stated')")
os._exit(9)
"""
"""A night that is killed after its transaction and before the log is folded in."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A house that is only copied."""
    return make_house(tmp_path_factory.mktemp("house"))


@pytest.fixture
def house(made: World, tmp_path: Path) -> World:
    """A house of one's own."""
    return copy_house(made, tmp_path / "house")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Where backups are kept."""
    return tmp_path / "disk"


def test_a_backup_holds_what_could_not_be_made_again(house: World, disk: Path) -> None:
    """All of it, and what was received already is not held twice."""
    backup = save(house, disk).backup
    held = contents(backup.folder)
    of_home = contents(house.settings.places.root)
    done = {name for name in of_home if name.startswith("landing/")} - {
        "landing/2024-01-09/people-3"
    }
    assert {name: of_home[name] for name in of_home if name not in done} == held
    assert len(done) == 2
    assert (backup.last_load_id, backup.release) == (2, "r-000002")
    assert backup.rows["raw_crm.people"] == 3
    assert verify_backup(house.settings, backup, deep=True) == []


def test_a_backup_is_private_and_its_key_the_owners_alone(
    house: World, disk: Path
) -> None:
    """Files are never changed again, so nobody may write them."""
    backup = save(house, disk).backup
    found = modes(backup.folder)
    assert found.pop("secrets") == "0o700"
    assert found.pop("secrets/identity.key") == "0o600"
    assert set(found.values()) == {"0o750", "0o440"}


def test_what_is_the_same_is_one_file_on_the_disk(house: World, disk: Path) -> None:
    """Each backup is whole, and costs what is new."""
    first = save(house, disk)
    second = save(house, disk)
    assert first.linked_bytes == second.copied_bytes == 0
    assert second.linked_bytes == first.copied_bytes
    house.receive(HEADER + b"5,Eve,30,1990-01-01,1.50\n", "people-4")
    third = save(house, disk)
    own = {
        name
        for name in third.backup.files
        if (third.backup.folder / name).stat().st_nlink == 1
    }
    assert {name.partition("/")[0] for name in own} == {"archive.duckdb", "archive"}
    shutil.rmtree(first.backup.folder)
    shutil.rmtree(second.backup.folder)
    assert verify_backup(house.settings, third.backup, deep=True) == []


def test_a_damaged_earlier_backup_is_not_linked_to(house: World, disk: Path) -> None:
    """A file that was cut there is copied from the home once more."""
    first = save(house, disk).backup
    [name] = [each for each in first.files if each.endswith("r-000002/marts.duckdb")]
    (first.folder / name).chmod(0o640)
    (first.folder / name).write_bytes(b"cut")
    second = save(house, disk).backup
    assert verify_backup(house.settings, second) == []


def test_disks_between_which_the_system_does_not_copy(
    house: World, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither at once, nor after a first piece."""
    copied: list[int] = []

    def fail_at_second(read: int, written: int, count: int) -> int:
        if len(copied) % 2:
            copied.append(0)
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        copied.append(os.write(written, os.read(read, 7)))
        return copied[-1]

    monkeypatch.setattr(os, "copy_file_range", fail_at_second)
    first = save(house, disk).backup
    assert verify_backup(house.settings, first) == []
    monkeypatch.delattr(os, "copy_file_range")
    shutil.rmtree(first.folder)
    assert verify_backup(house.settings, save(house, disk).backup) == []


def test_it_is_noted_when_the_last_backup_was(house: World, disk: Path) -> None:
    """For whoever asks in the morning; a torn note counts as none."""
    assert last_backup(house.settings) is None
    backup = save(house, disk).backup
    note = last_backup(house.settings)
    assert note is not None
    assert (note.backup, note.folder) == (backup.backup, backup.folder)
    assert note.made_at == backup.made_at
    flip(house.settings.places.last_backup)
    assert last_backup(house.settings) is None


def test_wrong_places_are_refused_before_anything_is_written(
    house: World, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the home itself, on a full disk, of a home that holds nothing."""
    root = house.settings.places.root
    for inside in (root.parent, root / "archive"):
        with pytest.raises(WrongUseError, match="in what it is a backup of"):
            save(house, inside)
    empty = Settings(company="tiny", home=disk / "nowhere")
    nothing = copy_house(house, disk / "copy")
    nothing.settings = empty
    with pytest.raises(WrongUseError, match="nothing to back up"):
        save(nothing, disk)
    usage = shutil.disk_usage(root)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ClienteleError, match=r"no room.*free"):
        save(house, disk)
    assert backups(disk, "tiny") == []


def test_a_disk_that_fills_up_leaves_earlier_backups_as_they_were(
    house: World, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what to do; nothing half is left."""
    first = save(house, disk).backup
    house.receive(HEADER + b"5,Eve,30,1990-01-01,1.50\n", "people-4")

    def full(*arguments: Any) -> None:  # noqa: ANN401 - as `_copy` is called
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Copier, "_copy", full)
        with pytest.raises(ClienteleError, match=r"No space left.*again"):
            save(house, disk)
    assert [path.name for path in (disk / "tiny").glob("b-*")] == [first.backup]
    assert verify_backup(house.settings, first, deep=True) == []
    assert save(house, disk).backup.backup == "b-000002"


def test_what_a_killed_backup_left_is_no_backup(house: World, disk: Path) -> None:
    """The next one sweeps it, and takes a number of its own."""
    first = save(house, disk).backup
    left = first.folder.with_name("b-000007.building")
    shutil.copytree(first.folder, left)
    assert find_backup(disk, "tiny").backup == first.backup
    assert save(house, disk).backup.backup == "b-000002"
    assert not left.exists()


def test_what_a_killed_night_left_in_the_log_is_in_the_backup(
    house: World, disk: Path
) -> None:
    """It was committed, so it is part of the truth."""
    archive = house.settings.places.archive
    subprocess.run([sys.executable, "-c", KILLED, str(archive)], check=False)  # noqa: S603
    assert archive.with_name("archive.duckdb.wal").stat().st_size > 0
    backup = save(house, disk).backup
    with duckdb.connect(backup.places.archive, read_only=True) as connection:
        assert connection.execute("from identity.progress").fetchall() == [
            (2, "rules", "stated")
        ]
    assert verify(house.settings, deep=True) == []


def test_a_backup_waits_for_a_night_and_says_so(house: World, disk: Path) -> None:
    """Or is refused at once, when it may not wait; readers have their release still."""
    heard: list[str] = []
    begun, may_end = threading.Event(), threading.Event()

    def night() -> None:
        with one_writer(house.settings):
            begun.set()
            may_end.wait(timeout=30)

    def hear(message: str) -> None:
        heard.append(message)
        if "waiting" in message:
            may_end.set()

    running = threading.Thread(target=night)
    running.start()
    assert begun.wait(timeout=30)
    try:
        with pytest.raises(ClienteleError, match=f"process {os.getpid()}"):
            save(house, disk)
        assert backups(disk, "tiny") == []
        started = time.monotonic()
        backup = save(house, disk, wait_seconds=30, hear=hear).backup
        assert time.monotonic() - started < 20
    finally:
        may_end.set()
        running.join()
    assert any(f"waiting for process {os.getpid()}" in said for said in heard)
    assert verify_backup(house.settings, backup) == []


def test_what_is_big_is_copied_before_the_lock_is_taken(
    house: World, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a release that a night removed meanwhile is in no backup."""
    copied: list[str] = []
    take = Copier.take

    def noting(copier: Copier, name: str, *rest: Any) -> None:  # noqa: ANN401
        copied.append(name)
        take(copier, name, *rest)

    @contextmanager
    def locking(settings: Settings, **options: Any) -> Iterator[None]:  # noqa: ANN401
        copied.append("the lock")
        pruned = settings.places.published / "r-000001"
        pruned.chmod(0o750)
        shutil.rmtree(pruned)
        yield

    monkeypatch.setattr(Copier, "take", noting)
    monkeypatch.setattr(gathering, "one_writer", locking)
    backup = save(house, disk).backup
    before = copied[: copied.index("the lock")]
    assert len([name for name in before if name.startswith("archive/")]) == 2
    assert "published/r-000001/marts.duckdb" in before
    assert "archive.duckdb" not in before
    assert not [name for name in backup.files if "r-000001" in name]
    assert verify_backup(house.settings, backup) == []


def test_without_secrets_and_releases(house: World, disk: Path) -> None:
    """The rest is a backup all the same."""
    backup = save(house, disk, with_secrets=False, with_releases=False).backup
    assert (backup.secrets, backup.release) == ({}, None)
    assert not (backup.folder / "secrets").exists()
    assert not (backup.folder / "published").exists()
    assert verify_backup(house.settings, backup, deep=True) == []


def test_names_that_are_no_text_are_backed_up_too(house: World, disk: Path) -> None:
    """A hostile name in landing does not stop the backup."""
    path = house.settings.places.landing / "2024-01-08" / os.fsdecode(b"\xff people")
    path.write_bytes(HEADER + GOOD)
    backup = save(house, disk).backup
    [name] = [each for each in backup.files if each.startswith("quoted/")]
    assert gathering.placed(name) == path.relative_to(house.settings.places.root)
    assert verify_backup(house.settings, backup) == []
