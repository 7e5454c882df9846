"""Digests of tables that do not depend on the order of their rows.

Two databases with equal digests hold the same rows: what the promises of replay and
restore are tested by.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import duckdb

from warehouse.database import STORAGE_VERSION, attach, identifier
from warehouse.errors import ClienteleError

OPERATIONAL_TIMES: Mapping[str, Collection[str]] = {
    "quality.fct_load": ("started_at", "finished_at"),
}
"""Columns that say when a run took place, and so differ between equal runs."""

_BUCKETS = 256
_ROWS_AT_ONCE = 4_000_000
_INEXACT = ("FLOAT", "DOUBLE")


def digest_table(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    *,
    leave_out: Collection[str] = (),
) -> str:
    """Return a digest of the rows of a table, whatever their order.

    Each row is hashed over its columns in the order of their names, each value as text
    with its length, so that null, empty and shifted values differ. Rows fall into
    buckets by the first digits of their hash; each bucket is hashed in order, a slice
    of the buckets at a time, so that memory stays within that of some million rows.

    Args:
        connection: Where the table is.
        relation: Its name, with schema and database where needed.
        leave_out: Columns that do not count.

    Raises:
        ClienteleError: A column is a floating-point number, which has no one text.
    """
    table = connection.table(relation)
    values = ", ".join(_value(column) for column in _columns(table, leave_out))
    hashed = table.project(f"md5(concat({values})) as row_hash")
    bucketed = hashed.project(
        "row_hash, cast('0x' || left(row_hash, 2) as integer) as bucket"
    )
    slices = 1 + len(table) // _ROWS_AT_ONCE
    digest = hashlib.md5(usedforsecurity=False)
    for number in range(slices):
        buckets = (
            bucketed.filter(f"bucket * {slices} // {_BUCKETS} = {number}")
            .aggregate(
                "bucket, md5(string_agg(row_hash, '' order by row_hash)) as digest",
                "bucket",
            )
            .order("bucket")
            .fetchall()
        )
        digest.update("".join(bucket_digest for _, bucket_digest in buckets).encode())
    return digest.hexdigest()


def digest_database(
    path: Path,
    schemas: Iterable[str],
    *,
    leave_out: Mapping[str, Collection[str]] = OPERATIONAL_TIMES,
) -> dict[str, str]:
    """Return the digest of each table of some schemas, by `schema.table`.

    Args:
        path: The database file.
        schemas: Which schemas; those that it lacks count for nothing.
        leave_out: Per table, the columns that do not count.
    """
    with duckdb.connect(
        ":memory:", config={"storage_compatibility_version": STORAGE_VERSION}
    ) as connection:
        attach(connection, path, alias="digested")
        tables = connection.execute(
            """
            select schema_name, table_name
            from duckdb_tables()
            where database_name = 'digested' and list_contains($schemas, schema_name)
            order by schema_name, table_name
            """,
            {"schemas": list(schemas)},
        ).fetchall()
        return {
            f"{schema}.{table}": digest_table(
                connection,
                f"digested.{schema}.{table}",
                leave_out=leave_out.get(f"{schema}.{table}", ()),
            )
            for schema, table in tables
        }


def _columns(table: duckdb.DuckDBPyRelation, leave_out: Collection[str]) -> list[str]:
    """Return the columns that count, in the order of their names."""
    for name, kind in zip(table.columns, table.types, strict=True):
        is_inexact = any(inexact in str(kind) for inexact in _INEXACT)
        if is_inexact and name not in leave_out:
            raise ClienteleError(
                f"column {name} is {kind}, which has no exact text",
                where=table.alias,
                mend="Make it a decimal, or leave it out of the digest.",
            )
    return sorted(set(table.columns) - set(leave_out))


def _value(column: str) -> str:
    text = f"cast({identifier(column)} as varchar)"
    return f"coalesce(length({text}) || ':' || {text}, '-')"
