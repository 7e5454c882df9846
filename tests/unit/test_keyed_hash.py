"""The keyed hash: HMAC as the standard library makes it, its key in no statement."""

import hmac
from pathlib import Path

import duckdb
import pytest

from warehouse.identity.ids import read_key
from warehouse.keyed_hash import HASH_CHARACTERS, define, value_key
from warehouse.keyed_hash_plugin import Plugin

KEY = b"a key of thirty-two bytes, or so"


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """Connect to nothing, with the macro."""
    opened = duckdb.connect()
    define(opened, KEY)
    return opened


@pytest.mark.parametrize("value", ["", "a", "+8613800138001", "张伟", "x" * 10_000])
def test_it_is_the_hmac_of_the_standard_library(
    connection: duckdb.DuckDBPyConnection, value: str
) -> None:
    """Two writings of one standard agree."""
    found = connection.execute("select keyed_hash($1)", [value]).fetchone()
    expected = hmac.new(value_key(KEY), value.encode(), "sha256").hexdigest()
    assert found == (expected[:HASH_CHARACTERS],)


def test_nothing_stays_nothing_and_numbers_are_hashed_as_text(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Null is no value; 1 and '1' are one."""
    found = connection.execute(
        "select keyed_hash(null), keyed_hash(1) = keyed_hash('1')"
    ).fetchone()
    assert found == (None, True)


def test_the_key_of_values_is_not_the_key_of_ids() -> None:
    """Who learns the one does not learn the other."""
    assert value_key(KEY) != KEY
    assert value_key(KEY) != value_key(KEY[::-1])


def test_the_macro_is_of_one_connection_and_in_no_database(tmp_path: Path) -> None:
    """A reader of the file finds neither macro nor key."""
    file = tmp_path / "work.duckdb"
    with duckdb.connect(str(file)) as writer:
        define(writer, KEY)
        writer.execute("create table hashed as select keyed_hash('a') as value")
        with pytest.raises(duckdb.CatalogException):
            writer.cursor().execute("select keyed_hash('a')")
    with duckdb.connect(str(file)) as reader:
        macros = "select 1 from duckdb_functions() where function_name = 'keyed_hash'"
        assert reader.execute(macros).fetchall() == []
    assert value_key(KEY) not in file.read_bytes()
    assert value_key(KEY).hex().encode() not in file.read_bytes()


def test_dbt_gets_the_key_of_its_company(tmp_path: Path) -> None:
    """The first connection makes the key that the ids are made with later."""
    plugin = Plugin(
        name="keyed_hash", plugin_config={"secrets": str(tmp_path)}, credentials=None
    )
    with duckdb.connect() as connection:
        plugin.configure_cursor(connection)
        found = connection.execute("select keyed_hash('a')").fetchone()
    key = value_key(read_key(tmp_path, is_sample=True))
    assert found == (hmac.new(key, b"a", "sha256").hexdigest()[:HASH_CHARACTERS],)
