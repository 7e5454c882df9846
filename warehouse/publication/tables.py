"""What lies of a table in the files of a release, and how it is written whole.

Rows keep the order that they have there, columns their types and not-null constraints.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.database import identifier
from warehouse.publication.definitions import WORK
from warehouse.publication.plan import SCHEMAS, Column, Table
from warehouse.publication.release import MARTS, RESTRICTED

DATABASES = {MARTS: "release", RESTRICTED: "restricted_release"}
"""Under which alias each file is written."""
_ASKED = "select {what} from {name} where {where}"


@dataclass(frozen=True)
class Part:
    """What lies of a table in one file."""

    table: Table
    file: str
    columns: tuple[Column, ...]


def make_schemas(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the schemas of a release in the database in use, where they are not."""
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {identifier(schema)}")


def write_table(
    connection: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[Column]
) -> None:
    """Write some columns of a table into the database in use, which has none of it.

    Args:
        connection: A session with the work database attached.
        table: The table.
        columns: Those that the file is to have.
    """
    declared = ", ".join(
        f"{identifier(column.name)} {column.data_type}"
        f"{'' if column.is_nullable else ' not null'}"
        for column in columns
    )
    connection.execute(f"create table {table.identifier} ({declared})")
    connection.execute(
        f"insert into {table.identifier} "  # noqa: S608
        f"select {names(columns)} from {in_work(table)}"
    )


def parts_of(tables: Sequence[Table]) -> list[Part]:
    """Return what lies in the files, with that of most values as the first."""
    parts = [
        Part(table, file, columns)
        for table in tables
        if not table.view
        for file, columns in ((MARTS, table.public), (RESTRICTED, table.restricted))
        if columns
    ]
    return sorted(parts, key=lambda part: -(part.table.rows or 0) * len(part.columns))


def in_work(table: Table) -> str:
    """Return the name of a table in the work database."""
    return f"{identifier(WORK)}.{table.identifier}"


def names(columns: Sequence[Column]) -> str:
    """Return the names of columns as a list of SQL."""
    return ", ".join(identifier(column.name) for column in columns)


def row_hash(columns: Sequence[Column]) -> str:
    """Return the hash of a row, as SQL."""
    return f"hash({names(columns)})"


def sum_of_hashes(columns: Sequence[Column]) -> str:
    """Return as SQL what all rows add up to, whatever their order."""
    return f"coalesce(sum({row_hash(columns)}), 0)"


def asked(
    connection: duckdb.DuckDBPyConnection, name: str, what: str, where: str = "true"
) -> tuple[Any, ...]:
    """Return what is asked of the rows of a table, as one row."""
    [found] = connection.execute(
        _ASKED.format(what=what, name=name, where=where)
    ).fetchall()
    return found
