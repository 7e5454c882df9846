"""A backup comes back as it was, beside what is there, or not at all."""

import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from backup_world import contents, copy_house, flip, make_house, modes, save
from receiving_world import HEADER, World

from pipelines.assets.raw import receive_dates
from pipelines.resources import House
from pipelines.transformation import Transformation
from warehouse import locking
from warehouse.backup import Backup, find_backup, last_backup, restore, verify_backup
from warehouse.backup.thinning import kept_backups, thin
from warehouse.errors import ClienteleError, WrongUseError
from warehouse.identity.own_key import assert_own_key
from warehouse.locking import one_writer
from warehouse.publication import current_release, run_sql, verify
from warehouse.retention.policy import BackupPolicy
from warehouse.settings import Settings

TAKEN = """
import fcntl, sys
with open(sys.argv[1], "a") as file:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(7)
"""
"""Another process, which ends with 7 when somebody holds the lock."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A house that is only copied."""
    return make_house(tmp_path_factory.mktemp("house"))


@pytest.fixture
def house(made: World, tmp_path: Path) -> World:
    """A house of one's own."""
    return copy_house(made, tmp_path / "house")


@pytest.fixture
def backup(house: World, tmp_path: Path) -> Backup:
    """A backup of it."""
    return save(house, tmp_path / "disk").backup


@pytest.fixture
def elsewhere(house: World, tmp_path: Path) -> Settings:
    """Another home of the same company."""
    return house.settings.model_copy(update={"home": tmp_path / "elsewhere"})


def test_what_comes_back_is_what_was_backed_up(
    house: World, backup: Backup, elsewhere: Settings
) -> None:
    """Every file, the release that readers open, and what still waits."""
    restored = restore(elsewhere, backup)
    assert contents(elsewhere.places.root) == contents(backup.folder)
    assert (restored.aside, restored.has_key) == (None, True)
    assert verify(elsewhere, deep=True) == []
    release = current_release(elsewhere)
    assert release is not None
    assert release.release == "r-000002"
    assert run_sql(elsewhere, "select count(*) from shared.dim_load")[1] == [(1,)]
    house.settings = elsewhere
    assert house.waits() == ["people-3"]
    [load] = house.night(on=datetime(2024, 1, 9).date())
    assert (load.load_id, load.rows_loaded) == (3, 1)
    note = last_backup(elsewhere)
    assert note is not None
    assert note.backup == backup.backup


def test_what_comes_back_is_private(backup: Backup, elsewhere: Settings) -> None:
    """As a night would have made it."""
    restore(elsewhere, backup)
    found = modes(elsewhere.places.root)
    assert found["secrets"] == "0o700"
    assert found["secrets/identity.key"] == "0o600"
    assert found["archive.duckdb"] == "0o640"
    assert found["published/r-000002"] == "0o550"
    assert found["published/r-000002/restricted.duckdb"] == "0o440"
    assert [name for name, mode in found.items() if mode[-1] != "0"] == []


def test_a_home_that_holds_data_is_not_overwritten(
    house: World, backup: Backup
) -> None:
    """Unless it is told to; it is moved aside, and what was delivered since waits."""
    before = contents(house.settings.places.root)
    with pytest.raises(WrongUseError, match=r"holds data.*--replace"):
        restore(house.settings, backup)
    assert contents(house.settings.places.root) == before
    house.receive(HEADER + b"5,Eve,30,1990-01-01,1.50\n", "people-4")
    restored = restore(house.settings, backup, replace=True)
    assert restored.aside == house.settings.places.root.with_name(
        "tiny.before-b-000001.1"
    )
    assert set(before) < set(contents(restored.aside))
    assert sorted(house.waits()) == ["people-3", "people-4"]
    assert verify(house.settings) == []


def test_a_file_that_is_still_being_written_is_not_taken_along(
    house: World, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it would wait for the night, and its writer go on in what lies aside."""
    house.deliver(HEADER + b"5,Eve,30,", "people-4")
    copy2 = shutil.copy2

    def slowly(source: Path, target: Path) -> None:
        copy2(source, target)
        if source.name == "people-4":
            with source.open("ab") as file:
                file.write(b"1990-01-01,1.50\n")

    monkeypatch.setattr(shutil, "copy2", slowly)
    with pytest.raises(ClienteleError, match=r"still being written.*people-4"):
        restore(house.settings, backup, replace=True)
    home = house.settings.places.root
    assert sorted(house.waits()) == ["people-3", "people-4"]
    assert [path.name for path in home.parent.glob("*tiny*")] == ["tiny"]


def test_a_damaged_backup_leaves_the_home_as_it_was(
    house: World, backup: Backup
) -> None:
    """It is known to be whole before anything is put in its place."""
    before = contents(house.settings.places.root)
    for which in ("archive/*", "archive.duckdb", "secrets/identity.key"):
        file = next(backup.folder.glob(which))
        whole, mode = file.read_bytes(), file.stat().st_mode
        flip(file)
        with pytest.raises(ClienteleError, match="another backup"):
            restore(house.settings, backup, replace=True)
        file.write_bytes(whole)
        file.chmod(mode)
        assert contents(house.settings.places.root) == before
        home = house.settings.places.root
        assert [path.name for path in home.parent.glob(".*")] == []
    file = next(backup.folder.glob("published/r-000001/marts.duckdb"))
    file.unlink()
    with pytest.raises(ClienteleError, match="missing or cut"):
        restore(house.settings, backup, replace=True)
    assert contents(house.settings.places.root) == before


def test_other_rows_than_were_counted_are_refused(
    house: World, backup: Backup, elsewhere: Settings
) -> None:
    """Whoever opens the archive is to see what was seen when it was backed up."""
    other = backup.model_copy(update={"rows": backup.rows | {"ledger.load": 9}})
    [finding] = verify_backup(house.settings, other)
    assert finding.what == "the archive holds other rows than it did"
    with pytest.raises(ClienteleError, match="holds other rows"):
        restore(elsewhere, other)
    assert not elsewhere.places.archive.exists()


def test_a_killed_restore_is_simply_run_again(
    backup: Backup, elsewhere: Settings
) -> None:
    """What it left beside the home is swept."""
    left = elsewhere.home / ".tiny.restoring" / "published" / "r-000001"
    left.mkdir(parents=True)
    left.chmod(0o550)
    restore(elsewhere, backup)
    assert [path.name for path in elsewhere.home.iterdir()] == ["tiny"]


def test_a_backup_of_an_earlier_version_comes_back(
    house: World, elsewhere: Settings, tmp_path: Path
) -> None:
    """Its archive lacks a table that commands read; the next night makes it."""
    with duckdb.connect(house.settings.places.archive) as connection:
        connection.execute("drop schema raw_steward cascade")
    backup = save(house, tmp_path / "disk").backup
    restore(elsewhere, backup)
    assert verify(elsewhere, deep=True) == []
    house.settings = elsewhere
    [load] = house.night(on=datetime(2024, 1, 9).date())
    assert load.rows_loaded == 1
    assert house.waits() == []


def test_a_home_where_a_night_runs_is_left_alone(house: World, backup: Backup) -> None:
    """The night would go on writing into what was moved aside."""
    with (
        one_writer(house.settings),
        pytest.raises(ClienteleError, match="running"),
    ):
        restore(house.settings, backup, replace=True)


def test_nobody_writes_before_a_restore_has_swept(
    house: World, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it sweeps at its end is the new folder's, where a night may have begun."""
    held: list[str] = []

    def look(folder: Path) -> None:
        lock = subprocess.run(  # noqa: S603
            [sys.executable, "-c", TAKEN, str(house.settings.places.lock)],
            check=False,
        )
        held.append("held" if lock.returncode == 7 else "free")

    monkeypatch.setattr(locking, "_wipe", look)
    restore(house.settings, backup, replace=True)
    assert held == ["held", "held"]
    with one_writer(house.settings):
        pass


def test_without_its_key_a_house_makes_no_ids(
    house: World, elsewhere: Settings, tmp_path: Path
) -> None:
    """Readers read what is published; a night is refused and says what is missing."""
    backup = save(house, tmp_path / "disk", with_secrets=False).backup
    assert not restore(elsewhere, backup).has_key
    [finding] = verify(elsewhere)
    assert finding.what == "the id key is missing"
    with pytest.raises(WrongUseError, match=r"id key is missing.*Lay the key"):
        assert_own_key(elsewhere, house.company)
    clock = house.clock
    company = House(
        elsewhere, house.company, Transformation(elsewhere, house.company), clock
    )
    with pytest.raises(WrongUseError, match="id key is missing"):
        receive_dates(company, [datetime(2024, 1, 9).date()])
    assert not list(elsewhere.places.secrets.iterdir())


def test_another_key_is_refused(
    house: World, elsewhere: Settings, tmp_path: Path
) -> None:
    """By the restore that is given it, by verify and by a night."""
    backup = save(house, tmp_path / "disk", with_secrets=False).backup
    other = tmp_path / "other"
    other.mkdir()
    (other / "identity.key").write_text("ab" * 32, encoding="ascii")
    with pytest.raises(WrongUseError, match="not the one that the ids"):
        restore(elsewhere, backup, secrets=other)
    assert not elsewhere.places.archive.exists()
    apart = house.settings.places.secrets
    assert restore(elsewhere, backup, secrets=apart).has_key
    assert_own_key(elsewhere, house.company)
    shutil.copy(other / "identity.key", elsewhere.places.secrets)
    with pytest.raises(WrongUseError, match="not the one that the ids"):
        assert_own_key(elsewhere, house.company)
    (elsewhere.places.secrets / "identity.key").write_bytes(b"\xff no key")
    assert [each.what for each in verify(elsewhere)] == ["the id key cannot be read"]


def test_the_last_days_weeks_and_months_keep_one_each(backup: Backup) -> None:
    """Every other hour for a year, ending on Wednesday 31 December 2025."""
    end = datetime(2025, 12, 31, 23)
    made = [
        backup.model_copy(
            update={"backup": f"b-{number:06d}", "made_at": end - timedelta(hours=back)}
        )
        for number, back in enumerate(range(2 * 12 * 365, -1, -2), start=1)
    ]
    policy = BackupPolicy(last=2, days=3, weeks=2, months=3)
    kept = kept_backups(made, policy)
    moments = [each.made_at for each in made if each.backup in kept]
    assert [f"{at:%m-%d %H}" for at in moments] == [
        *("10-31 23", "11-30 23", "12-28 23"),
        *("12-29 23", "12-30 23", "12-31 21", "12-31 23"),
    ]
    assert kept_backups(made[:1], BackupPolicy(last=1, days=0, weeks=0, months=0)) == {
        "b-000001"
    }


def test_a_thinned_folder_holds_whole_backups(house: World, tmp_path: Path) -> None:
    """What is shared with one that goes is not lost to those that stay."""
    disk = tmp_path / "disk"
    made = [save(house, disk).backup for _ in range(3)]
    few = BackupPolicy(last=1, days=0, weeks=0, months=0)
    assert thin(disk, "tiny", few) == ["b-000001", "b-000002"]
    assert [path.name for path in (disk / "tiny").glob("b-*")] == ["b-000003"]
    assert verify_backup(house.settings, made[-1], deep=True) == []
    assert find_backup(disk, "tiny").backup == "b-000003"
    with pytest.raises(WrongUseError, match=r"no backup b-000001.*b-000003"):
        find_backup(disk, "tiny", "b-000001")
