"""What customers of the demo wrote where a code belongs is in no published table."""

import re
from collections.abc import Iterable

import duckdb
import pytest
from house import House

from warehouse.database import attach

WRITTEN = """
    select registration_id, occupation from archive.raw_web.registrations
    inner join read_parquet($1) as planted
        on registration_id = planted.source_record_id and source_name = 'web'
    where kind = 'contact_as_occupation'
    group by all
"""


def tables_with(marts: duckdb.DuckDBPyConnection, texts: Iterable[str]) -> set[str]:
    """Return the tables in whose columns of text one of the texts occurs."""
    columns = marts.execute(
        "select schema_name || '.' || table_name, list(column_name) "
        "from duckdb_columns() where not internal and data_type like 'VARCHAR%' "
        "group by all"
    ).fetchall()
    sought = "|".join(re.escape(text) for text in texts)
    return {
        table
        for table, names in columns
        if marts.execute(
            f"select true from {table} where regexp_matches("  # noqa: S608
            + "concat_ws(chr(1), "
            + ", ".join(f'"{name}"' for name in names)
            + "), $1) limit 1",
            [sought],
        ).fetchone()
    }


@pytest.fixture(scope="module")
def written(demo_night: House) -> dict[str, str]:
    """What was delivered as the occupation, by record."""
    places = demo_night.settings.places
    with duckdb.connect() as connection:
        attach(connection, places.archive, alias="archive")
        truth = str(places.root / "truth" / "planted.parquet")
        return dict(connection.execute(WRITTEN, [truth]).fetchall())


def test_a_number_and_an_address_are_masked_everywhere(
    demo_night: House, written: dict[str, str]
) -> None:
    """No table of the marts holds them; each is listed as unknown, by its length."""
    assert any("@" in text for text in written.values())
    assert any(len(re.sub("[^0-9]", "", text)) > 6 for text in written.values())
    with demo_night.open() as marts:
        assert "descriptive.dim_customer" in tables_with(marts, ["streamer"])
        assert tables_with(marts, written.values()) == set()
        listed = marts.execute(
            "select code from quality.fct_unknown_code where source_key = 'web' "
            "and column_name = 'occupation_code' and code like 'masked%'"
        ).fetchall()
    lengths = sorted(int(code.split("_")[1]) for [code] in listed)
    assert lengths == sorted(map(len, set(written.values())))
    with demo_night.open("restricted") as restricted:
        assert tables_with(restricted, written.values())
