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
    columns = _columns(connection, relation, leave_out)
    values = ", ".join(_value(column) for column in columns)
    counted = connection.execute(f"select count(*) from {_quoted(relation)}")  # noqa: S608
    slices = 1 + (counted.fetchone() or (0,))[0] // _ROWS_AT_ONCE
    digest = hashlib.md5(usedforsecurity=False)
    for number in range(slices):
        buckets = connection.execute(
            f"""
            with hashed as (
                select md5(concat({values})) as row_hash from {_quoted(relation)}
            ),

            bucketed as (
                select row_hash, cast('0x' || left(row_hash, 2) as integer) as bucket
                from hashed
            )

            select md5(string_agg(row_hash, '' order by row_hash))
            from bucketed
            where bucket * $slices // $buckets = $number
            group by bucket
            order by bucket
            """,  # noqa: S608
            {"slices": slices, "buckets": _BUCKETS, "number": number},
        ).fetchall()
        digest.update("".join(bucket for (bucket,) in buckets).encode())
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


def _quoted(relation: str) -> str:
    return ".".join(identifier(part) for part in relation.split("."))


def _columns(
    connection: duckdb.DuckDBPyConnection, relation: str, leave_out: Collection[str]
) -> list[str]:
    described = connection.execute(f"describe {_quoted(relation)}").fetchall()
    types = {name: kind for name, kind, *_ in described if name not in leave_out}
    for name, kind in types.items():
        if any(inexact in kind for inexact in _INEXACT):
            raise ClienteleError(
                f"column {name} is {kind}, which has no exact text",
                where=relation,
                mend="Make it a decimal, or leave it out of the digest.",
            )
    return sorted(types)


def _value(column: str) -> str:
    text = f"cast({identifier(column)} as varchar)"
    return f"coalesce(length({text}) || ':' || {text}, '-')"
