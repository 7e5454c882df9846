"""A release asks the journals of the work database which keys changed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
from warehouse.publication import Release, beginning, carrying, deltas, run_sql
from warehouse.publication.journals import BUILDS_KEPT
from warehouse.settings import PROJECT_ROOT, Settings

STARTED = """
create table shared.sale as
select 's' || n as sale_key, n // 2 as basket, n % 97 as amount
from range(30000) as made (n);
create schema intermediate;
create table intermediate.sale__head as select 'one' as origin, 1 as build_number;
create table intermediate.dim_customer__head as from intermediate.sale__head;
create table intermediate.sale__touched (basket bigint, build_number integer);
create table intermediate.dim_customer__touched (
    customer_key varchar, build_number integer
);
"""
TOUCH = """
update intermediate.{table}__head set build_number = build_number + 1;
insert into intermediate.{table}__touched
select {key}, build_number from intermediate.{table}__head;
"""
UNTOLD = "select count(*) from shared.sale where amount = -2"
READ = "select sum(amount), count(*), count(distinct sale_key) from shared.sale"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a house whose work database was published once."""
    settings = make_settings(tmp_path_factory.mktemp("sound"))
    make_archive(settings)
    make_work(settings, last_load_id=1)
    tonight(settings, STARTED)
    published(settings)
    return settings


@pytest.fixture
def settings(sound: Settings, tmp_path: Path) -> Settings:
    """Return the settings of a copy of it, to publish in."""
    return copy_settings(sound, tmp_path)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return the names of the tables of which all rows are hashed."""
    names: list[str] = []
    places_of_rows = deltas.places_of_rows

    def noted(connection: Any, part: Any, *told: Any, among: bool) -> bool:  # noqa: ANN401
        if not among:
            names.append(part.table.full_name)
        return places_of_rows(connection, part, *told, among=among)

    monkeypatch.setattr(deltas, "places_of_rows", noted)
    return names


def tonight(settings: Settings, sql: str) -> None:
    """Change the work database."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.places.work}' as work; use work")
        connection.execute(sql)


def touch(settings: Settings, table: str, key: str, sql: str) -> None:
    """Change the work database, and let the journal of a table tell a key."""
    tonight(settings, sql + TOUCH.format(table=table, key=key))


def published(settings: Settings) -> Release:
    """Publish the work database; sales and customers have a journal."""
    said = make_manifest()
    nodes = said["nodes"]
    customer = nodes["model.clientele.dim_customer"]
    customer["config"]["meta"]["journal"] = {"key": ["customer_key"]}
    names = ("sale_key", "basket", "amount")
    nodes["model.clientele.sale"] = nodes["model.clientele.dim_load"] | {
        "name": "sale",
        "alias": "sale",
        "config": {
            "materialized": "table",
            "meta": {
                "primary_key": ["sale_key"],
                "journal": {"key": ["basket"]},
            },
        },
        "columns": {name: {"description": name} for name in names},
    }
    return publish_made(settings, last_load_id=1, manifest=said)


def asked(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    """Ask the current release."""
    return run_sql(settings, sql)[1]


def test_rows_of_touched_keys_come_and_no_other_row_is_read(
    settings: Settings, hashed: list[str]
) -> None:
    """So a change that no journal tells is not seen, until all is looked at."""
    touch(
        settings,
        "sale",
        "7",
        "delete from shared.sale where basket = 7;"
        "insert into shared.sale values ('new', 7, 1000);"
        "insert into shared.sale values ('other', 7, 1000);"
        "update shared.sale set amount = -2 where sale_key = 's900';",
    )
    release = published(settings)
    assert hashed == []
    assert release.tables["shared.sale"].journal is not None
    assert asked(settings, UNTOLD) == [(0,)]
    assert asked(settings, "select count(*) from shared.sale") == [(30_000,)]
    gone = "select count(*) from shared.sale where sale_key in ('s14', 's15')"
    assert asked(settings, gone) == [(0,)]
    sales = "select sum(amount) from shared.sale where basket = 7"
    assert asked(settings, sales) == [(2000,)]


@pytest.mark.parametrize(
    "doubt",
    [
        "update intermediate.sale__head set origin = 'two'",
        "update intermediate.sale__head set build_number = 32",
        "update intermediate.sale__head set build_number = 0",
        "drop table intermediate.sale__head",
    ],
)
def test_all_rows_are_looked_at_where_the_journal_does_not_go_on(
    settings: Settings, hashed: list[str], doubt: str
) -> None:
    """It is of another origin, tells no more of that build, or is not there."""
    tonight(settings, "update shared.sale set amount = -2 where sale_key = 's900'")
    tonight(settings, doubt)
    published(settings)
    assert hashed == ["shared.sale"]
    assert asked(settings, UNTOLD) == [(1,)]


def test_a_table_that_would_have_other_rows_is_written_whole(
    settings: Settings,
) -> None:
    """The journal told too little of it, which its number of rows says."""
    touch(settings, "sale", "7", "delete from shared.sale where amount = 5;")
    published(settings)
    assert asked(settings, "select count(*) from shared.sale where amount = 5") == [
        (0,)
    ]


def test_all_rows_are_compared_where_half_of_them_was_touched(
    settings: Settings, hashed: list[str]
) -> None:
    """So what no journal tells is seen as well."""
    touch(
        settings,
        "sale",
        "7",
        "update shared.sale set amount = -2 where sale_key = 's29000';"
        "insert into intermediate.sale__touched "
        "select basket, 2 from range(8000) as made (basket);",
    )
    published(settings)
    assert hashed == ["shared.sale"]
    assert asked(settings, UNTOLD) == [(1,)]


def test_names_of_persons_are_carried_over_and_changed(settings: Settings) -> None:
    """The restricted file is told by the same keys."""
    touch(
        settings,
        "dim_customer",
        "'k3'",
        "update descriptive.dim_customer set full_name = 'Ada' "
        "where customer_key = 'k3';"
        "update descriptive.dim_customer set full_name = 'Eve' "
        "where customer_key = 'k4';",
    )
    release = published(settings)
    with duckdb.connect(release.restricted, read_only=True) as connection:
        names = connection.execute(
            "select full_name from descriptive.dim_customer "
            "where customer_key in ('k3', 'k4') order by all"
        ).fetchall()
    assert names == [("Ada",), ("Name 4",)]


def test_every_thirtieth_release_carries_over_no_names(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was deleted from the restricted file does not stay in it for ever."""
    files: list[str] = []
    carry = beginning.carry

    def noted(release: Release, target: Path) -> bool:
        files.append(target.name)
        return carry(release, target)

    monkeypatch.setattr(beginning, "carry", noted)
    published(settings)
    monkeypatch.setattr(carrying, "DEEP_EVERY", 3)
    published(settings)
    assert files == ["marts.duckdb", "restricted.duckdb", "marts.duckdb"]


def test_every_thirtieth_release_is_proved_row_by_row(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no journal told holds it; the next one is written whole, and heals it."""
    monkeypatch.setattr(carrying, "DEEP_EVERY", 2)
    tonight(settings, "update shared.sale set amount = -2 where sale_key = 's900'")
    with pytest.raises(HeldError, match=r"carried_as_in_work: shared\.sale"):
        published(settings)
    assert asked(settings, UNTOLD) == [(0,)]
    published(settings)
    assert asked(settings, UNTOLD) == [(1,)]


def test_a_journal_tells_of_as_many_builds_as_is_thought() -> None:
    """Macros and Python say the same."""
    macros = (PROJECT_ROOT / "macros" / "journals.sql").read_text(encoding="utf-8")
    assert re.findall(r"macro builds_kept\(\).*return\((\d+)\)", macros) == [
        str(BUILDS_KEPT)
    ]
