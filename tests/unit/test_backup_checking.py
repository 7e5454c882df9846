"""Damage in a backup is found, and damage in a home does not come into one."""

from pathlib import Path

import duckdb
import pytest
from backup_world import copy_house, flip, make_house, save
from receiving_world import World

from warehouse.backup import backups, find_backup, verify_backup
from warehouse.errors import ClienteleError
from warehouse.publication import verify


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


def test_damage_in_the_home_is_not_carried_on(house: World, disk: Path) -> None:
    """The backup is refused, and says which file it is."""
    places = house.settings.places
    [file, _] = [path for path in places.deliveries.iterdir() if len(path.name) == 64]
    flip(file)
    with pytest.raises(ClienteleError, match=rf"not what it was.*{file.name}"):
        save(house, disk)
    assert backups(disk, "tiny") == []


def test_a_damaged_block_of_the_home_is_not_carried_on(
    house: World, disk: Path
) -> None:
    """The archive has no digest of its own; its rows can be counted all the same."""
    archive = house.settings.places.archive
    with duckdb.connect(archive) as connection:
        connection.execute(
            "create table identity.many as "
            "select hash(range)::varchar as many from range(100_000)"
        )
    data = bytearray(archive.read_bytes())
    data[len(data) - 300_000] ^= 0b100
    archive.write_bytes(data)
    with pytest.raises(ClienteleError, match=r"cannot be read.*verify --deep"):
        save(house, disk)
    assert backups(disk, "tiny") == []


@pytest.mark.parametrize("which", ["archive/*", "published/r-000001/marts.duckdb"])
def test_damage_in_a_backup_is_not_in_the_next(
    house: World, disk: Path, which: str
) -> None:
    """What `verify --backup` advises is a new backup: so that one must be whole."""
    first = save(house, disk).backup
    file = next(first.folder.glob(which))
    flip(file)
    assert verify_backup(house.settings, first)
    second = save(house, disk).backup
    assert verify_backup(house.settings, second, deep=True) == []
    assert not (second.folder / file.relative_to(first.folder)).samefile(file)


@pytest.mark.parametrize(
    "which",
    [
        "archive.duckdb",
        "archive/*",
        "published/r-000001/marts.duckdb",
        "published/r-000002/MANIFEST.json",
        "landing/*/people-3",
        "secrets/identity.key",
    ],
)
def test_a_flipped_bit_in_a_backup_is_found(
    house: World, disk: Path, which: str
) -> None:
    """In every kind of file; the finding names it."""
    backup = save(house, disk).backup
    file = next(backup.folder.glob(which))
    flip(file)
    file.chmod(0o600)
    [finding] = verify_backup(house.settings, backup)
    assert str(file).startswith(finding.where)


def test_a_flipped_bit_in_the_list_is_found(house: World, disk: Path) -> None:
    """The list vouches for the rest, and a digest for the list."""
    backup = save(house, disk).backup
    flip(backup.folder / "MANIFEST.json")
    with pytest.raises(ClienteleError, match="list of files"):
        find_backup(disk, "tiny")
    assert backups(disk, "tiny") == []


def test_a_ledger_that_does_not_add_up_is_found_in_a_backup(
    house: World, disk: Path
) -> None:
    """It was copied as it was: the archive is held against itself too."""
    with duckdb.connect(house.settings.places.archive) as connection:
        connection.execute(
            "update ledger.load set rows_delivered = 9 where load_id = 1"
        )
    backup = save(house, disk).backup
    [finding] = verify_backup(house.settings, backup)
    assert finding.where == "load 1"
    assert "backup" in finding.mend


def test_a_copy_of_the_ledger_that_says_other_things_is_found(house: World) -> None:
    """Commands read it beside a night; one that ends early is what a kill leaves."""
    copy = house.settings.places.ledger_copy
    with duckdb.connect(copy) as connection:
        connection.execute("delete from ledger.ledger.load where load_id = 2")
    assert verify(house.settings) == []
    with duckdb.connect(copy) as connection:
        connection.execute("update ledger.ledger.load set status = 'refused'")
    [finding] = verify(house.settings)
    assert finding.where == str(copy)
    copy.write_bytes(b"no database")
    [finding] = verify(house.settings)
    assert finding.what.startswith("the copy of the ledger cannot be read")


def test_what_was_read_is_heard(house: World, disk: Path) -> None:
    """So that a command can say how far it is, and what a GB takes."""
    heard: list[Path] = []
    backup = save(house, disk).backup
    verify_backup(house.settings, backup, on_read=heard.append)
    assert sum(file.stat().st_size for file in heard) == backup.bytes
