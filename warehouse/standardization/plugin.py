"""Registers the functions of this package on dbt's DuckDB connection.

Named in profiles.yml. The macros of macros/standardization.sql call them for the values
that SQL alone could not decide, so each is asked about few values, and about a repeated
value once.
"""

from collections.abc import Callable
from functools import lru_cache

import duckdb
import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb.func import FunctionNullHandling, PythonUDFType

from warehouse.standardization import (
    address_key,
    email,
    national_id,
    organisation_code,
    organisation_key,
    organisation_latin,
    person_key,
    person_latin,
    phone,
    simplified,
    text,
)

_KEPT_VALUES = 1 << 16
_ONE_VALUE: dict[str, Callable[[str], str | None]] = {
    "library_email": email,
    "library_national_id": national_id,
    "library_organisation_code": organisation_code,
    "library_text": text,
    "library_simplified": simplified,
    "library_address_key": address_key,
    "library_person_key": person_key,
    "library_person_latin": person_latin,
    "library_organisation_latin": organisation_latin,
}
_TWO_VALUES: dict[str, Callable[[str, str], str | None]] = {
    "library_phone": phone,
    "library_organisation_key": organisation_key,
}


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the `library_...` functions known to a DuckDB connection, once."""
    known = connection.execute(
        "select 1 from duckdb_functions() where function_name = 'library_phone'"
    )
    if known.fetchone():
        return
    for name, function in _ONE_VALUE.items():
        connection.create_function(
            name,
            _of_column(function),
            ["VARCHAR"],
            "VARCHAR",
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,
        )
    for name, of_two in _TWO_VALUES.items():
        connection.create_function(
            name,
            _of_columns(of_two),
            ["VARCHAR", "VARCHAR"],
            "VARCHAR",
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,
        )


def _of_column(
    function: Callable[[str], str | None],
) -> Callable[[pa.ChunkedArray], pa.Array]:
    remembered = lru_cache(_KEPT_VALUES)(function)

    def of_column(values: pa.ChunkedArray) -> pa.Array:
        encoded = values.combine_chunks().dictionary_encode()
        found = [
            None if value is None else remembered(value)
            for value in encoded.dictionary.to_pylist()
        ]
        return pa.array(found, pa.string()).take(encoded.indices)

    return of_column


def _of_columns(
    function: Callable[[str, str], str | None],
) -> Callable[[pa.ChunkedArray, pa.ChunkedArray], pa.Array]:
    remembered = lru_cache(_KEPT_VALUES)(function)

    def of_columns(values: pa.ChunkedArray, seconds: pa.ChunkedArray) -> pa.Array:
        pairs = zip(values.to_pylist(), seconds.to_pylist(), strict=True)
        found = [
            None if value is None else remembered(value, second)
            for value, second in pairs
        ]
        return pa.array(found, pa.string())

    return of_columns


class Plugin(BasePlugin):  # type: ignore[misc]  # dbt-duckdb ships no types
    """What dbt-duckdb loads by the name of this module."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Register the functions on a connection that dbt opened."""
        register(conn)
