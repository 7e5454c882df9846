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
    given_reading,
    national_id,
    organisation_code,
    organisation_key,
    organisation_latin,
    person_key,
    person_latin,
    phone,
    simplified,
    surname_reading,
    text,
)

_KEPT_VALUES = 1 << 17
_BETWEEN = "\0"
_ONE_VALUE: dict[str, Callable[[str], str | None]] = {
    "library_email": email,
    "library_national_id": national_id,
    "library_organisation_code": organisation_code,
    "library_text": text,
    "library_address_key": address_key,
    "library_surname_reading": surname_reading,
    "library_given_reading": given_reading,
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
    columns: dict[str, Callable[..., pa.Array]] = {"library_simplified": _simplified}
    columns |= {name: _of_column(each) for name, each in _ONE_VALUE.items()}
    columns |= {name: _of_columns(each) for name, each in _TWO_VALUES.items()}
    for name, function in columns.items():
        connection.create_function(
            name,
            function,
            ["VARCHAR"] * (2 if name in _TWO_VALUES else 1),
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
        # Few second values for many first ones: each is made a string of Python once.
        encoded = seconds.combine_chunks().dictionary_encode()
        few = encoded.dictionary.to_pylist()
        ordinals = encoded.indices.to_pylist()
        found = [
            None
            if value is None
            else remembered(value, None if ordinal is None else few[ordinal])
            for value, ordinal in zip(values.to_pylist(), ordinals, strict=True)
        ]
        return pa.array(found, pa.string())

    return of_columns


def _simplified(values: pa.ChunkedArray) -> pa.Array:
    """Simplify a whole column as one text: it is done character by character."""
    texts = values.to_pylist()
    changed = simplified(_BETWEEN.join(text or "" for text in texts)).split(_BETWEEN)
    if len(changed) != len(texts):
        changed = [simplified(text or "") for text in texts]
    return pa.array(changed, pa.string(), mask=values.combine_chunks().is_null())


class Plugin(BasePlugin):  # type: ignore[misc]  # dbt-duckdb ships no types
    """What dbt-duckdb loads by the name of this module."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Register the functions on a connection that dbt opened."""
        register(conn)
