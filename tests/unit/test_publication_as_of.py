"""The as-of macros of a release: what was the case when, as known when."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from publication_world import make_manifest, make_settings, make_work

from warehouse.clock import SteppingClock
from warehouse.publication import Release, publish, run_sql
from warehouse.publication.definitions import MACROS
from warehouse.settings import Settings

COLUMNS = ("row_key", "customer_id", "valid_from", "valid_to", "known_from", "known_to")
HISTORIES = """
create table work.descriptive.hist_customer as
select row_key, 'c1' as customer_id, columns(* exclude (row_key))::timestamp
from (values
    ('believed', '1900-01-01', '9999-12-31', '2026-01-02', '2026-01-05'),
    ('before', '1900-01-01', '2026-01-03', '2026-01-05', '9999-12-31'),
    ('after', '2026-01-03', '9999-12-31', '2026-01-05', '9999-12-31')
) as rows (row_key, valid_from, valid_to, known_from, known_to);
create table work.descriptive.bridge_customer_identity as
from work.descriptive.hist_customer;
"""
QUESTIONS = (
    "select row_key from customer_as_of(?, ?)",
    "select row_key from identity_as_of(?, ?)",
)
EXPECTED = {
    (date(2026, 1, 1), date(2026, 1, 1)): [],
    (date(2026, 1, 4), date(2026, 1, 2)): ["believed"],
    (date(2026, 1, 4), date(2026, 1, 4)): ["believed"],
    (date(2026, 1, 2), date(2026, 1, 5)): ["before"],
    (date(2026, 1, 3), date(2026, 1, 5)): ["after"],
    (date(2026, 1, 4), date(2026, 1, 9)): ["after"],
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a house."""
    return make_settings(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def release(settings: Settings) -> Release:
    """Return a release with two histories and the macros over them."""
    make_work(settings, last_load_id=1)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.places.work}' as work")
        connection.execute(HISTORIES)
    manifest = make_manifest()
    macros = settings.home / "macros"
    macros.mkdir()
    for macro, table in (
        ("customer_as_of", "hist_customer"),
        ("identity_as_of", "bridge_customer_identity"),
    ):
        shutil.copy(MACROS / f"{macro}.sql", macros)
        manifest["nodes"][f"model.clientele.{table}"] = _like_dim_load(manifest, table)
    return publish(
        settings,
        manifest,
        clock=SteppingClock(datetime(2026, 1, 6, 2)),
        business_dates=[date(2026, 1, 5)],
        last_load_id=1,
        macros=macros,
    )


def _like_dim_load(manifest: dict[str, Any], table: str) -> dict[str, Any]:
    node: dict[str, Any] = manifest["nodes"]["model.clientele.dim_load"]
    described = node["columns"]["load_id"]
    return node | {
        "schema": "descriptive",
        "name": table,
        "alias": table,
        "columns": {name: described | {"name": name} for name in COLUMNS},
    }


@contextmanager
def opened(
    release: Release, folder: Path, way: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the marts as a reader may: as they are, renamed, or attached and in use."""
    renamed = folder / "any other name.duckdb"
    shutil.copy(release.marts, renamed)
    file = {"opened": release.marts, "renamed": renamed, "attached": None}[way]
    with duckdb.connect(file or ":memory:", read_only=file is not None) as connection:
        if way == "attached":
            connection.execute(f"attach '{renamed}' as elsewhere (read_only)")
            connection.execute("use elsewhere")
        yield connection


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("way", ["opened", "renamed", "attached"])
def test_a_macro_answers_however_the_file_is_opened(
    release: Release, tmp_path: Path, way: str, question: str
) -> None:
    """Both times count from their start on, and no longer at their end."""
    with opened(release, tmp_path, way) as connection:
        for (valid_at, known_at), expected in EXPECTED.items():
            found = connection.execute(question, [valid_at, known_at]).fetchall()
            assert [row_key for (row_key,) in found] == expected


def test_a_reading_session_may_ask(settings: Settings, release: Release) -> None:
    """`clientele sql` reaches the macros, and needs no schema for it."""
    sql = "from customer_as_of(timestamp '2026-01-04', timestamp '2026-01-04')"
    names, rows = run_sql(settings, sql)
    assert names == list(COLUMNS)
    assert [row[0] for row in rows] == ["believed"]


def test_no_macro_names_a_database(release: Release) -> None:
    """A name of a database would end with the file's present one."""
    with duckdb.connect(release.marts, read_only=True) as connection:
        macros = connection.execute(
            "select function_name, macro_definition from duckdb_functions() "
            "where function_type = 'table_macro' and not internal order by all"
        ).fetchall()
    assert [name for name, _ in macros] == ["customer_as_of", "identity_as_of"]
    assert not [definition for _, definition in macros if "work" in definition]
    assert not [definition for _, definition in macros if "release." in definition]
