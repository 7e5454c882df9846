"""What a release holds, how it is set aside, kept and rolled back to."""

import shutil
import stat
import time
from pathlib import Path

import duckdb
import pytest
from publication_world import make_manifest, make_settings, publish_world

from warehouse.errors import ClienteleError, HeldError, WrongUseError
from warehouse.publication import (
    Release,
    current_release,
    published_up_to,
    releases,
    rollback,
    run_sql,
    sound_release,
    sweep,
)
from warehouse.publication.release import MANIFEST, read_release


@pytest.fixture
def published(tmp_path: Path) -> Release:
    """Return a release of load 3, published for the first time."""
    return publish_world(make_settings(tmp_path), last_load_id=3)


def test_the_marts_hold_no_personal_column_and_open_under_any_name(
    published: Release, tmp_path: Path
) -> None:
    """Views and macros name no database, so any file name will do."""
    copy = tmp_path / "any other name.duckdb"
    copy.write_bytes(published.marts.read_bytes())
    with duckdb.connect(copy, read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where not internal order by table_name, column_index"
        ).fetchall()
        assert columns == [
            ("dim_customer", "customer_key"),
            ("dim_customer", "customer_id"),
            ("dim_customer", "city"),
            ("dim_customer", "lifetime_amount"),
            ("dim_load", "load_key"),
            ("dim_load", "load_id"),
            ("view_customer_basic", "customer_id"),
            ("view_customer_basic", "city"),
        ]
        view = connection.execute("from descriptive.view_customer_basic").fetchall()
        assert len(view) == 500
        [[inside]] = connection.execute(
            "select count(*) from customer_in('City 1')"
        ).fetchall()
        assert inside == 72


def test_rows_keep_their_order_types_and_constraints(published: Release) -> None:
    """Pruning relies on the order in which the models wrote."""
    with duckdb.connect(published.marts, read_only=True) as connection:
        rows = connection.execute(
            "select customer_id from descriptive.dim_customer"
        ).fetchall()
        assert rows == [(f"c{number}",) for number in range(500, 0, -1)]
        described = connection.execute(
            "select data_type, is_nullable, comment from duckdb_columns() "
            "where table_name = 'dim_customer' "
            "and column_name in ('customer_key', 'lifetime_amount')"
        ).fetchall()
        assert described == [
            ("VARCHAR", False, "The customer_key."),
            ("DECIMAL(18,2)", True, "The lifetime_amount."),
        ]
        [[tags]] = connection.execute(
            "select tags from duckdb_databases() where database_name = 'marts'"
        ).fetchall()
        assert tags["storage_version"] >= "v1.5.0"


def test_the_restricted_file_holds_keys_and_personal_columns(
    published: Release,
) -> None:
    """Whoever may read it can join it to the marts."""
    with duckdb.connect(published.restricted, read_only=True) as connection:
        columns = connection.execute(
            "select column_name from duckdb_columns() "
            "where not internal order by column_index"
        ).fetchall()
    assert columns == [("customer_key",), ("customer_id",), ("full_name",), ("email",)]


def test_the_manifest_says_what_was_published(published: Release) -> None:
    """It reads back as it was written."""
    assert read_release(published.folder) == published
    assert published.loads == [1, 2, 3]
    assert published.failures == []
    assert published.tables["descriptive.dim_customer"].rows == 500
    assert published.files["marts.duckdb"].bytes == published.marts.stat().st_size


def test_a_release_cannot_be_written_to(published: Release) -> None:
    """Nobody has the right to write, not even the owner."""
    assert stat.S_IMODE(published.folder.stat().st_mode) == 0o550
    assert {
        stat.S_IMODE(file.stat().st_mode) for file in published.folder.iterdir()
    } == {0o440}


def test_any_flipped_bit_of_a_manifest_is_noticed(published: Release) -> None:
    """The digest inside covers every byte of the manifest."""
    file = published.folder / MANIFEST
    sealed = file.read_bytes()
    file.chmod(0o640)
    for position in range(0, len(sealed), 3):
        flipped = bytearray(sealed)
        flipped[position] ^= 1 << position % 8
        file.write_bytes(flipped)
        with pytest.raises(ClienteleError, match="manifest"):
            read_release(published.folder)


def test_a_failed_audit_sets_the_release_aside_and_leaves_current(
    tmp_path: Path,
) -> None:
    """A described table that was not built is such a failure."""
    settings = make_settings(tmp_path)
    publish_world(settings, last_load_id=1)
    manifest = make_manifest()
    load = manifest["nodes"]["model.clientele.dim_load"]
    manifest["nodes"]["model.clientele.gone"] = load | {"name": "gone", "alias": "gone"}
    with pytest.raises(HeldError, match=r"tables_present: shared\.gone"):
        publish_world(settings, last_load_id=2, manifest=manifest)
    current = current_release(settings)
    assert current is not None
    assert current.release == "r-000001"
    assert _names(settings.places.published) == ["current", "r-000001", "r-000002.held"]


def test_an_unmarked_column_of_a_personal_name_holds_the_release(
    tmp_path: Path,
) -> None:
    """A forgotten mark is found by the name that another model marks."""
    settings = make_settings(tmp_path)
    manifest = make_manifest()
    columns = manifest["nodes"]["model.clientele.stg_web__registrations"]["columns"]
    columns["load_key"] = {"config": {"meta": {"pii": "account"}}}
    with pytest.raises(HeldError, match=r"no_personal_columns: shared\.dim_load"):
        publish_world(settings, last_load_id=1, manifest=manifest)


def test_only_the_last_held_release_is_kept(tmp_path: Path) -> None:
    """A held one is no release to roll back to, nor one to count loads from."""
    settings = make_settings(tmp_path)
    publish_world(settings, last_load_id=1)
    for load_id in (2, 3):
        held = publish_world(settings, last_load_id=load_id, held=True)
        assert held.is_held
    assert _names(settings.places.published) == ["current", "r-000001", "r-000003.held"]
    assert [release.release for release in releases(settings)] == ["r-000001"]
    assert publish_world(settings, last_load_id=3).loads == [2, 3]


def test_the_last_three_are_kept_and_numbers_only_grow(tmp_path: Path) -> None:
    """Also after a rollback."""
    settings = make_settings(tmp_path)
    for load_id in range(1, 6):
        publish_world(settings, last_load_id=load_id)
    kept = ["r-000003", "r-000004", "r-000005"]
    assert _names(settings.places.published) == ["current", *kept]
    rollback(settings, to="r-000003")
    assert publish_world(settings, last_load_id=6).release == "r-000006"


def test_rollback_takes_less_than_a_second_and_keeps_the_later_release(
    tmp_path: Path,
) -> None:
    """One may go forward again."""
    settings = make_settings(tmp_path)
    for load_id in (1, 2):
        publish_world(settings, last_load_id=load_id)
    started = time.monotonic()
    assert rollback(settings).release == "r-000001"
    assert time.monotonic() - started < 1
    assert run_sql(settings, "select load_id from shared.dim_load")[1] == [(1,)]
    assert rollback(settings, to="r-000002").release == "r-000002"


def test_rollback_to_nothing_or_to_damage_is_refused(tmp_path: Path) -> None:
    """The current release then stays."""
    settings = make_settings(tmp_path)
    with pytest.raises(WrongUseError, match="no earlier release"):
        rollback(settings)
    for load_id in (1, 2):
        publish_world(settings, last_load_id=load_id)
    with pytest.raises(WrongUseError, match=r"no release r-000009.*r-000001, r-000002"):
        rollback(settings, to="r-000009")
    first = releases(settings)[0]
    first.folder.chmod(0o750)
    first.marts.unlink()
    with pytest.raises(ClienteleError, match="missing or cut"):
        rollback(settings)
    current = current_release(settings)
    assert current is not None
    assert current.release == "r-000002"


def test_sweep_removes_what_a_crash_left_and_nothing_else(tmp_path: Path) -> None:
    """What is published or held stays, whatever else lies there."""
    settings = make_settings(tmp_path)
    publish_world(settings, last_load_id=1)
    publish_world(settings, last_load_id=2, held=True)
    published = settings.places.published
    before = _names(published)
    for name in ("r-000003.building", "r-000001.pruned"):
        (published / name).mkdir()
        (published / name / "marts.duckdb.wal").touch()
        (published / name).chmod(0o550)
    (published / "current.new").symlink_to("r-000003")
    sweep(settings)
    assert _names(published) == before


def test_a_damaged_release_is_replaced_by_the_next(published: Release) -> None:
    """Publishing does not need the release before."""
    settings = make_settings(published.folder.parents[2])
    manifest = published.folder / MANIFEST
    manifest.chmod(0o640)
    manifest.write_text("{}")
    assert publish_world(settings, last_load_id=4).loads == [1, 2, 3, 4]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_release_that_was_never_switched_to_counts_for_nothing(
    tmp_path: Path,
) -> None:
    """A night killed before the switch is run again; a rollback stays as it is."""
    settings = make_settings(tmp_path)
    assert published_up_to(settings) == 0
    publish_world(settings, last_load_id=1)

    def die(passed: str) -> None:
        if passed == "linked":
            raise OSError("the power is cut")

    with pytest.raises(OSError, match="power"):
        publish_world(settings, last_load_id=2, on_step=die)
    assert [each.last_load_id for each in releases(settings)] == [1, 2]
    assert published_up_to(settings) == 1
    publish_world(settings, last_load_id=3)
    rollback(settings)
    assert published_up_to(settings) == 3
    publish_world(settings, last_load_id=4)
    assert published_up_to(settings) == 4


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_damaged_release_is_published_anew(tmp_path: Path, is_gone: bool) -> None:
    """As `clientele verify` says: go back, remove its folder, run the night."""
    settings = make_settings(tmp_path)
    for load_id in (1, 2):
        release = publish_world(settings, last_load_id=load_id)
    (release.folder / "MANIFEST.json").chmod(0o640)
    (release.folder / "MANIFEST.json").write_bytes(b"{}")
    assert published_up_to(settings) == 0
    assert sound_release(settings) is None
    rollback(settings, to="r-000001")
    if is_gone:
        release.folder.chmod(0o750)
        shutil.rmtree(release.folder)
    assert published_up_to(settings) == 1
