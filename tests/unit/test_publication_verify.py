"""Damage is found in every kind of file, and said with its mend."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from publication_world import (
    SHA256,
    copy_settings,
    make_archive,
    make_settings,
    publish_world,
)

from warehouse.errors import ClienteleError
from warehouse.locking import one_writer
from warehouse.publication import verify
from warehouse.settings import Places, Settings

MINTED = "insert into identity.minted values ('c1', 'web', '1', 1, '2026-01-06')"
LINKED = """
insert into identity.link_change by name
select
    {load_id} as load_id, timestamp '2026-01-06' as known_at, 'web' as source_name,
    '1' as source_record_id, 'c1' as customer_id, 'alone' as match_rule,
    1 as match_probability, 'delivery' as cause
"""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a house with an archive and two releases."""
    settings = make_settings(tmp_path_factory.mktemp("sound"))
    make_archive(settings)
    for load_id in (1, 2):
        publish_world(settings, last_load_id=load_id)
    return settings


@pytest.fixture
def settings(sound: Settings, tmp_path: Path) -> Settings:
    """Return the settings of a copy of it, to be damaged."""
    return copy_settings(sound, tmp_path)


def test_a_sound_house_has_no_findings(settings: Settings) -> None:
    """Neither at a quick nor at a deep look."""
    assert verify(settings) == []
    assert verify(settings, deep=True) == []


@pytest.mark.parametrize(
    "file",
    [
        "published/r-000001/marts.duckdb",
        "published/r-000002/restricted.duckdb",
        "published/r-000002/MANIFEST.json",
        f"archive/{SHA256}",
    ],
)
def test_a_flipped_bit_is_found(settings: Settings, file: str) -> None:
    """The finding names the file and a command that helps."""
    path = settings.places.root / file
    _flip(path, path.stat().st_size // 2)
    [finding] = verify(settings)
    assert finding.where == str(path)
    assert "clientele" in finding.mend


def test_a_flipped_bit_of_the_archive_is_found_by_a_deep_look(
    settings: Settings,
) -> None:
    """DuckDB holds each block that it reads against a checksum."""
    archive = settings.places.archive
    with duckdb.connect(archive) as connection:
        connection.execute(
            "create table checks.many as select hash(range) as many from range(100000)"
        )
    _flip(archive, archive.stat().st_size - 300_000)
    assert archive.name in verify(settings, deep=True)[0].where


def _cut(places: Places) -> None:
    file = places.published / "r-000001" / "marts.duckdb"
    file.parent.chmod(0o750)
    file.unlink()


def _dangle(places: Places) -> None:
    places.current.unlink()
    places.current.symlink_to("r-000009")


def _unlink(places: Places) -> None:
    places.current.unlink()


def _lose_bytes(places: Places) -> None:
    (places.deliveries / SHA256).unlink()


def _lose_archive(places: Places) -> None:
    places.archive.unlink()


def _write(sql: str) -> Callable[[Places], None]:
    def write(places: Places) -> None:
        with duckdb.connect(places.archive) as connection:
            connection.execute(sql)

    return write


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (_cut, "a file of a release is missing"),
        (_dangle, "`current` leads to no complete release"),
        (_unlink, "there are releases, but none is current"),
        (_lose_bytes, f"the delivered bytes {SHA256} are missing"),
        (_lose_archive, "there is no archive"),
        (
            _write("update ledger.load set rows_delivered = 3"),
            "delivered rows are not those loaded, quarantined and repeated",
        ),
        (
            _write("delete from raw_web.registration where _row = 1"),
            "raw_web.registration holds other rows than the ledger says",
        ),
        (
            _write("insert into raw_web.registration values (7, 1, 'a')"),
            "raw_web.registration holds other rows than the ledger says",
        ),
        (
            _write("insert into raw_web.registration values (7, -1, 'a')"),
            "raw_web.registration holds other rows than the ledger says",
        ),
        (
            _write("update ledger.load set byte_count = 9"),
            "the ledger says 9 bytes, 10 are kept",
        ),
        (
            _write(f"{MINTED}; {LINKED.format(load_id=7)}"),
            "1 rows name a load of no ledger row",
        ),
        (
            _write(LINKED.format(load_id=1)),
            "1 customers have an id that was never minted",
        ),
        (_write(f"{MINTED}; {LINKED.format(load_id=1)}"), "the id key is missing"),
        (
            _write("delete from quarantine.row"),
            "the quarantine holds other rows than the ledger says",
        ),
    ],
)
def test_each_damage_is_one_finding(
    settings: Settings, damage: Callable[[Places], None], what: str
) -> None:
    """Each is said once, in words of its own."""
    damage(settings.places)
    assert [finding.what for finding in verify(settings)] == [what]


def test_an_archive_that_is_no_database_is_a_finding(settings: Settings) -> None:
    """It does not end the look at everything else."""
    settings.places.archive.write_bytes(b"not a database" * 1000)
    [finding] = verify(settings)
    assert finding.what.startswith("the archive cannot be read")


def test_a_damaged_work_database_is_found_by_a_deep_look(settings: Settings) -> None:
    """It would be published else; it is only to be removed."""
    work = settings.places.work
    _flip(work, work.stat().st_size - 100_000)
    [finding] = verify(settings, deep=True)
    assert (finding.where, verify(settings)) == (str(work), [])
    assert finding.mend.startswith("Remove the file")


def test_an_empty_house_has_no_findings(tmp_path: Path) -> None:
    """Nothing was written down, so nothing can be wrong."""
    assert verify(make_settings(tmp_path)) == []


def test_verify_does_not_look_while_a_night_writes(settings: Settings) -> None:
    """The archive has one writer and no reader beside it."""
    with one_writer(settings), pytest.raises(ClienteleError, match="running"):
        verify(settings)


def _flip(file: Path, position: int) -> None:
    file.chmod(0o640)
    with file.open("r+b") as stream:
        stream.seek(position)
        [byte] = stream.read(1)
        stream.seek(position)
        stream.write(bytes([byte ^ 0b100]))
