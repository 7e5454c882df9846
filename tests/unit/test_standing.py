"""What a night need not make: that below which nothing has changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.releasing import keep_what_stands
from pipelines.stages import Manifest, Stage, in_order
from pipelines.standing import Standing
from warehouse.settings import Settings


def node(name: str, *made_of: str, view: bool = False) -> dict[str, Any]:
    """Make a model as the manifest shows it."""
    return {
        "resource_type": "model",
        "name": name,
        "depends_on": {"nodes": list(made_of)},
        "config": {"materialized": "view" if view else "table"},
    }


def asked(*of: str, **stated: object) -> dict[str, Any]:
    """Make a data test as the manifest shows it."""
    return {"depends_on": {"nodes": list(of)}, "config": stated}


SOURCES = {
    name: {"database": "archive", "schema": "raw", "identifier": name}
    for name in ("sales", "people", "links")
}
NODES = {
    "stg_sales": node("stg_sales", "sales", view=True),
    "stg_links": node("stg_links", "links", view=True),
    "input_sale": node("input_sale", "stg_sales"),
    "input_party": node("input_party", "people"),
    "fct_sale": node("fct_sale", "input_sale"),
    "dim_customer": node("dim_customer", "input_party", "stg_links"),
    "dim_date": node("dim_date"),
}
MANIFEST = {"nodes": NODES, "sources": SOURCES}
STAGES = {
    Stage.INPUTS: ("stg_sales", "stg_links", "input_sale", "input_party"),
    Stage.MARTS: ("fct_sale", "dim_customer", "dim_date"),
    Stage.SCORES: (),
    Stage.QUALITY: (),
}
EVERYTHING = set(NODES)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A company whose archive holds three tables of a row, beside a work database."""
    settings = Settings(company="tiny", home=tmp_path)
    settings.places.prepare()
    with duckdb.connect(str(settings.places.archive)) as connection:
        connection.execute("create schema raw")
        for name in SOURCES:
            connection.execute(f"create table raw.{name} as select 1 as x, null as y")
    write_work(settings)
    yield settings


RAW_COLUMNS = "select {} as _load_id, 1 as _row, 'a' as _record_hash, 'wide' as _extra"


def write_work(settings: Settings) -> None:
    """Write the work database, as each night does."""
    with duckdb.connect(str(settings.places.work)) as connection:
        connection.execute("create table if not exists made (x integer)")
        connection.execute("insert into made values (1)")


def change(settings: Settings, statement: str) -> None:
    """Change the archive."""
    with duckdb.connect(str(settings.places.archive)) as connection:
        connection.execute(statement)


def night(
    settings: Settings,
    *,
    between: str = "",
    is_published: bool = True,
    manifest: Manifest = MANIFEST,
) -> set[str]:
    """Run a night of both stages, and return what it made.

    Args:
        settings: Whose night.
        between: What changes the archive after the first stage.
        is_published: Whether it ends with a release.
        manifest: dbt's manifest.
    """
    made: set[str] = set()
    standing = Standing(settings)
    standing.begin()
    for stage, nodes in STAGES.items():
        made |= standing.to_make(stage, nodes, manifest)
        write_work(settings)
        standing.end()
        if between and stage is Stage.INPUTS:
            change(settings, between)
    if is_published:
        Standing(settings).keep()
    return made


def test_a_night_of_which_nothing_is_known_makes_everything(settings: Settings) -> None:
    """And the one after it nothing."""
    assert night(settings) == EVERYTHING
    assert night(settings) == set()
    assert night(settings) == set()


@pytest.mark.parametrize(
    ("statement", "made"),
    [
        ("insert into raw.sales values (2, null)", {"input_sale", "fct_sale"}),
        ("insert into raw.sales values (1, null)", {"input_sale", "fct_sale"}),
        ("update raw.sales set y = 1", {"input_sale", "fct_sale"}),
        ("delete from raw.sales", {"input_sale", "fct_sale"}),
        ("insert into raw.people values (2, null)", {"input_party", "dim_customer"}),
    ],
)
def test_what_lies_above_a_change_is_made(
    settings: Settings, statement: str, made: set[str]
) -> None:
    """And once; another row of the same content is a change too; views are not made."""
    night(settings)
    change(settings, statement)
    assert night(settings) == made
    assert night(settings) == set()


def test_what_changes_amid_a_night_is_seen_by_who_reads_it_then(
    settings: Settings,
) -> None:
    """Through a view that was made before, too; and again by the next night's stage."""
    night(settings)
    made = night(settings, between="insert into raw.links values (2, null)")
    assert made == {"dim_customer"}
    assert night(settings) == {"dim_customer"}
    assert night(settings) == set()


def test_a_night_without_a_release_leaves_nothing_known(settings: Settings) -> None:
    """What it built may not be what its sources say."""
    night(settings)
    assert night(settings, is_published=False) == set()
    assert night(settings) == EVERYTHING


def test_a_night_that_was_not_whole_leaves_nothing_known(settings: Settings) -> None:
    """A release of a stage alone says nothing of the others."""
    night(settings)
    standing = Standing(settings)
    assert standing.to_make(Stage.MARTS, STAGES[Stage.MARTS], MANIFEST)
    standing.left({"fct_sale"})
    assert standing.asks(asked("fct_sale"))
    write_work(settings)
    standing.end()
    standing.keep()
    assert night(settings) == EVERYTHING


def test_what_was_written_before_the_release_leaves_nothing_known(
    settings: Settings,
) -> None:
    """A night goes on in another run: between them anybody may have written."""
    night(settings)
    night(settings, is_published=False)
    write_work(settings)
    Standing(settings).keep()
    assert night(settings) == EVERYTHING


def test_a_stage_that_did_not_end_leaves_nothing_known(settings: Settings) -> None:
    """What it noted of its sources it may not have made."""
    night(settings)
    night(settings, is_published=False)
    Standing(settings).to_make(Stage.QUALITY, (), MANIFEST)
    Standing(settings).keep()
    assert night(settings) == EVERYTHING


def test_a_disk_that_is_full_once_a_release_is_out_fails_no_night(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and nothing is known next time."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/home")

    heard: list[str] = []
    night(settings, is_published=False)
    monkeypatch.setattr("pipelines.standing._write", full)
    keep_what_stands(Standing(settings), heard.append)
    monkeypatch.undo()
    [told] = heard
    assert "not noted: the disk is full (/home). The release is out" in told
    assert night(settings) == EVERYTHING


def test_what_stands_is_told_in_the_order_of_its_making() -> None:
    """As whoever hands it on must have it."""
    told = in_order(EVERYTHING, NODES)
    assert sorted(told) == sorted(EVERYTHING)
    assert told.index("stg_sales") < told.index("input_sale") < told.index("fct_sale")


@pytest.mark.parametrize("act", ["write", "remove", "leave a log", "damage"])
def test_a_work_database_that_another_wrote_is_made_whole(
    settings: Settings, act: str
) -> None:
    """Written, replaced or removed: of it nothing is known."""
    night(settings)
    work = settings.places.work
    match act:
        case "write":
            write_work(settings)
        case "remove":
            work.unlink()
        case "leave a log":
            work.with_suffix(".duckdb.wal").touch()
        case _:
            work.with_suffix(".standing").write_text("{", "utf-8")
    assert Standing(settings)._read() == {}
    work.with_suffix(".duckdb.wal").unlink(missing_ok=True)
    if act != "leave a log":
        assert night(settings) == EVERYTHING


def test_a_source_that_is_not_there_is_a_change(settings: Settings) -> None:
    """It may be there when the model is made."""
    change(settings, "drop table raw.people")
    night(settings)
    assert night(settings) == {"input_party", "dim_customer"}


def test_a_test_is_asked_when_anything_that_it_reads_was_made(
    settings: Settings,
) -> None:
    """Not when all of it stands; a view may show other rows, or nothing was written."""
    night(settings)
    change(settings, "insert into raw.sales values (2, null)")
    standing = Standing(settings)
    standing.begin()
    standing.to_make(Stage.INPUTS, STAGES[Stage.INPUTS], MANIFEST)
    assert standing.stands == {"stg_sales", "stg_links", "input_party"}
    assert standing.asks(asked("stg_sales"))
    assert standing.asks(asked("input_party", "input_sale"))
    assert not standing.asks(asked("input_party"))
    assert not standing.asks(asked("input_party", severity="ERROR", error_if="!= 0"))
    standing.left({"input_sale"})
    assert not standing.asks(asked("input_party", "input_sale"))


@pytest.mark.parametrize(
    "stated",
    [
        {"severity": "warn"},
        {"severity": "ERROR", "error_if": "> 3"},
        {"meta": {"severity": "information"}},
    ],
)
def test_a_test_that_only_warns_is_asked_every_night(
    settings: Settings, stated: dict[str, Any]
) -> None:
    """It may have failed of what stands: that it passed then is not known."""
    night(settings)
    standing = Standing(settings)
    standing.begin()
    assert not standing.to_make(Stage.INPUTS, STAGES[Stage.INPUTS], MANIFEST)
    assert standing.asks(asked("input_party", **stated))


def test_rows_of_raw_are_told_by_what_was_loaded(settings: Settings) -> None:
    """Raw is appended to: a row is its load, its place and its hash."""
    create = f"create table raw_till.sales as {RAW_COLUMNS.format(1)}"
    change(settings, f"create schema raw_till; {create}")
    source = {"database": "archive", "schema": "raw_till", "identifier": "sales"}
    manifest = {"nodes": NODES, "sources": SOURCES | {"sales": source}}
    night(settings, manifest=manifest)
    change(settings, "update raw_till.sales set _extra = 'nobody does this'")
    assert night(settings, manifest=manifest) == set()
    change(settings, f"insert into raw_till.sales {RAW_COLUMNS.format(2)}")
    made = night(settings, manifest=manifest)
    assert made == {"input_sale", "fct_sale"}


def test_a_column_is_not_taken_for_its_row(settings: Settings) -> None:
    """Whatever a contract calls it."""
    change(settings, "create or replace table raw.sales as select 1 as held, 1 as x")
    night(settings)
    change(settings, "update raw.sales set x = 2")
    assert night(settings) == {"input_sale", "fct_sale"}
