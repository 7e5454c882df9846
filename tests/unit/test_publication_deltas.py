"""A release that is carried over and changed is the one that would be written whole."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import pytest
from publication_world import (
    copy_settings,
    make_archive,
    make_manifest,
    make_settings,
    make_work,
    publish_made,
)

from warehouse.errors import HeldError
from warehouse.publication import Release, build, carrying, run_sql, verify
from warehouse.publication.release import file_sha256
from warehouse.settings import Settings

MANY = 30_000
STARTED = """
create table shared.sale as
select 's' || sale as sale_key, sale % 97 as amount, [sale % 5, null] as parts
from range(30000) as made (sale);
create table shared.event as
select event % 12000 as said, 1.5 as weight from range(30000) as made (event);
create table shared.same as
select hash(n) as code, 'x' || n as name from range(30000) as made (n);
create table shared.shaped as select n, n as other from range(20000) as made (n);
"""
NIGHTS: dict[str, tuple[str, set[str]]] = {
    "rows come, change and go, one that repeats too": (
        """
        delete from shared.sale where amount = 7;
        update shared.sale set amount = null, parts = [] where amount = 8;
        insert into shared.sale
        select 'n' || n, n, null from range(30000, 30500) as made (n);
        delete from shared.event where rowid = 3;
        update descriptive.dim_customer set city = 'Ulm' where customer_key = 'k3';
        """,
        {"shared.event", "descriptive.dim_customer"},
    ),
    "a row goes and comes again, much of another table changes": (
        """
        delete from shared.sale where sale_key = 's9';
        insert into shared.sale values ('s9', 9, [4, null]);
        update shared.same set name = 'y' where name < 'x5';
        """,
        {"shared.same"},
    ),
    "columns have another type, or no null, a table comes, a view is another": (
        """
        alter table shared.shaped alter n type varchar;
        alter table shared.sale alter sale_key set not null;
        create table shared.new as select 1 as number;
        create or replace view descriptive.view_customer_basic as
        select 'c' || customer_id as customer_id, city from descriptive.dim_customer;
        """,
        {"shared.shaped", "shared.sale", "shared.new"},
    ),
    "nothing changes": ("select 1", set()),
    "a table goes": (
        "drop table shared.same",
        {
            *("shared.dim_load", "descriptive.dim_customer", "shared.new"),
            *("shared.sale", "shared.event", "shared.shaped"),
        },
    ),
}
EVERYTHING = {
    *("shared.dim_load", "descriptive.dim_customer"),
    *("shared.sale", "shared.event", "shared.same", "shared.shaped"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a house whose work database was published once."""
    settings = make_settings(tmp_path_factory.mktemp("sound"))
    make_archive(settings)
    make_work(settings, last_load_id=1)
    tonight(settings, STARTED)
    publish_made(settings, last_load_id=1, manifest=manifest(settings))
    return settings


@pytest.fixture
def settings(sound: Settings, tmp_path: Path) -> Settings:
    """Return the settings of a copy of it, to publish in."""
    return copy_settings(sound, tmp_path)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Return the names of the tables of the marts that are written whole."""
    names: set[str] = set()
    write_table = build.write_table

    def noted(connection: Any, table: Any, columns: Any) -> None:  # noqa: ANN401
        names.add(table.full_name)
        write_table(connection, table, columns)

    monkeypatch.setattr(build, "write_table", noted)
    return names


def tonight(settings: Settings, sql: str) -> None:
    """Change the work database."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.places.work}' as work; use work")
        connection.execute(sql)


def manifest(settings: Settings) -> dict[str, Any]:
    """Return what dbt would say of it."""
    said = make_manifest()
    load = said["nodes"]["model.clientele.dim_load"]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.places.work}' as work")
        tables = connection.execute(
            "select table_name, list(column_name) from duckdb_columns() "
            "where schema_name = 'shared' and table_name not in "
            "('dim_load', 'left_over') group by all"
        ).fetchall()
    for name, columns in tables:
        described = {c: {"description": f"{c} of {len(columns)}."} for c in columns}
        told = {"name": name, "alias": name, "columns": described}
        said["nodes"][f"model.clientele.{name}"] = load | told
    return said


def publish(settings: Settings, *, load_id: int, whole: bool = False) -> Release:
    """Publish the work database as it is."""
    said = manifest(settings)
    return publish_made(settings, last_load_id=load_id, manifest=said, whole=whole)


def assert_same(one: Release, other: Release) -> None:
    """Hold two releases against each other: all that their marts hold and say."""
    assert one.tables == other.tables
    with duckdb.connect() as connection:
        for alias, release in (("one", one), ("other", other)):
            connection.execute(f"attach '{release.marts}' as {alias} (read_only)")
        for name in one.tables:
            different = connection.execute(
                f"(from one.{name} except all from other.{name}) union all "
                f"(from other.{name} except all from one.{name})"
            ).fetchall()
            assert different == [], name
        for told in (
            "schema_name, table_name, column_index, column_name, data_type, "
            "is_nullable, comment from duckdb_columns() where not internal and",
            "schema_name, table_name, comment from duckdb_tables() where",
            "schema_name, view_name, sql, comment from duckdb_views() where",
            "schema_name, function_name, parameters, macro_definition, comment "
            "from duckdb_functions() where",
        ):
            said = [
                connection.execute(
                    f"select {told} database_name = ? order by all", [alias]
                ).fetchall()
                for alias in ("one", "other")
            ]
            assert said[0] == said[1]


def test_nights_of_changes_make_what_would_be_written_whole(
    settings: Settings, tmp_path: Path, written: set[str]
) -> None:
    """And write whole only what they must."""
    beside = make_settings(tmp_path / "beside")
    for load_id, (night, (sql, rewritten)) in enumerate(NIGHTS.items(), start=2):
        tonight(settings, sql)
        written.clear()
        release = publish(settings, load_id=load_id)
        assert written == rewritten, night
        shutil.copy(settings.places.work, beside.places.work)
        assert_same(release, publish(beside, load_id=load_id, whole=True))
    assert verify(settings) == []


def test_who_reads_a_release_never_sees_the_next(settings: Settings) -> None:
    """They share no byte that is written again."""
    open_file = settings.places.current.resolve() / "marts.duckdb"
    before = file_sha256(open_file)
    with duckdb.connect(open_file, read_only=True) as reader:
        tonight(settings, "delete from shared.sale where amount = 7")
        publish(settings, load_id=2)
        [[rows]] = reader.execute("select count(*) from shared.sale").fetchall()
    assert rows == MANY
    assert file_sha256(open_file) == before
    assert run_sql(settings, "from shared.sale where amount = 7")[1] == []


def test_what_leaves_the_marts_leaves_no_byte(
    settings: Settings, written: set[str]
) -> None:
    """A column that is personal by now is not dropped from a copy that had it."""
    said = manifest(settings)
    node = said["nodes"]["model.clientele.sale"]
    node["columns"]["amount"]["config"] = {"meta": {"pii": "name"}}
    node["config"] = node["config"] | {"meta": {"primary_key": ["sale_key"]}}
    publish_made(settings, last_load_id=2, manifest=said)
    assert written == EVERYTHING


def _ask(settings: Settings) -> bool:
    return True


def _damage(settings: Settings) -> bool:
    file = settings.places.current.resolve() / "marts.duckdb"
    file.chmod(0o640)
    file.write_bytes(file.read_bytes()[:-100] + b"x" * 100)
    return False


def _hold(settings: Settings) -> bool:
    publish_made(settings, last_load_id=2, manifest=manifest(settings), held=True)
    return False


def _lose(settings: Settings) -> bool:
    file = settings.places.current.resolve() / "MANIFEST.json"
    file.chmod(0o640)
    file.write_bytes(b"{}")
    return False


@pytest.mark.parametrize("reason", [_ask, _damage, _hold, _lose])
def test_nothing_is_carried_over_where_that_is_not_safe(
    settings: Settings, written: set[str], reason: Callable[[Settings], bool]
) -> None:
    """Asked for, damaged, held, without its manifest: all is written whole."""
    whole = reason(settings)
    written.clear()
    release = publish(settings, load_id=3, whole=whole)
    assert written == EVERYTHING
    assert all("r-000001" in finding.where for finding in verify(settings))
    assert file_sha256(release.marts) == release.files["marts.duckdb"].sha256


def test_blocks_that_are_shared_are_held_against_their_digest_too(
    settings: Settings, written: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file system shares them, nothing passes through our hands."""

    def cloned(source: BinaryIO, target: BinaryIO) -> bool:
        target.write(source.read())
        target.flush()
        return True

    monkeypatch.setattr(carrying, "_cloned", cloned)
    publish(settings, load_id=2)
    assert written == set()
    _damage(settings)
    publish(settings, load_id=3)
    assert written == EVERYTHING


def test_a_file_that_grew_loose_is_written_whole(
    settings: Settings, written: set[str]
) -> None:
    """No release carries more than a quarter of blocks that nobody needs."""
    wide = "create table shared.wide as select md5('x' || n) as text, n from range"
    tail = "create table shared.tail as select md5('y' || n) as text from range"
    tonight(settings, f"{wide}(300000) as made (n)")
    full = publish(settings, load_id=2).files["marts.duckdb"].bytes
    tonight(settings, f"{tail}(40000) as made (n)")
    publish(settings, load_id=3)
    tonight(settings, "delete from shared.wide where n > 3")
    assert publish(settings, load_id=4).files["marts.duckdb"].bytes > full
    written.clear()
    assert publish(settings, load_id=5).files["marts.duckdb"].bytes < full / 2
    assert written == {*EVERYTHING, "shared.wide", "shared.tail"}


def test_deleted_rows_do_not_pile_up(settings: Settings, written: set[str]) -> None:
    """A table of which many rows were deleted in the file is written whole."""
    for load_id in range(2, 6):
        written.clear()
        sql = "update shared.sale set amount = -1 where rowid % 10 ="
        tonight(settings, f"{sql} {load_id}")
        publish(settings, load_id=load_id)
        assert written == ({"shared.sale"} if load_id == 4 else set())


def test_a_change_that_was_not_made_holds_the_release(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The closed file is asked what its rows add up to."""
    monkeypatch.setattr(build, "change", lambda connection, difference: None)
    tonight(settings, "update shared.sale set amount = -1 where amount = 7")
    with pytest.raises(HeldError, match=r"carried_as_in_work: shared\.sale"):
        publish(settings, load_id=2)
