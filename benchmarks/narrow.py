"""The floor of a query: the same query on tables of just the columns that it names.

Each table that a query reads is written into a file of its own, with the columns that
the query mentions and no others, sorted by those that it compares; views become tables.
Nothing that reads through the published tables can be faster than that by much.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

import duckdb

from warehouse.database import identifier, literal

WORD = re.compile(r"[a-z_][a-z0-9_]*")
READ = re.compile(r"\b([a-z_]+)\.([a-z_0-9]+)\b")
COMPARED = re.compile(r"([a-z_][a-z0-9_]*)\s*(?:=|>=|<=|<|>|in\s*\()")
MOST_SORTED = 3
NARROW = Template(
    """
create table narrow.$schema.$name as
select $columns
from $release.$schema.$name
order by $order
"""
)

Columns = dict[str, list[str]]


def columns_of(connection: duckdb.DuckDBPyConnection, database: str) -> Columns:
    """Return the columns of each table and view of a release, by `schema.name`."""
    found: Columns = {}
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where database_name = $1 and not internal order by table_oid, column_index",
        [database],
    ).fetchall()
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def macros_of(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, str]:
    """Return the macros of a release: the statement that makes each again, by name."""
    rows = connection.execute(
        "select function_name, parameters, macro_definition from duckdb_functions() "
        "where database_name = $1 and function_type = 'macro' and not internal",
        [database],
    ).fetchall()
    return {
        name: f"create macro main.{identifier(name)}({', '.join(parameters)}) "
        f"as {definition}"
        for name, parameters, definition in rows
    }


@dataclass(frozen=True)
class Needed:
    """What a query needs of a table: columns in their order, and those it compares."""

    columns: list[str]
    compared: list[str]


def narrowed(query: str, tables: Columns) -> dict[str, Needed]:
    """Return which columns of which tables a query names.

    Args:
        query: The query, with the text of the macros that it calls.
        tables: All tables there are, with their columns.
    """
    text = query.lower()
    words = set(WORD.findall(text))
    compared = list(dict.fromkeys(COMPARED.findall(text)))
    found = {}
    for schema, name in dict.fromkeys(READ.findall(text)):
        columns = tables.get(f"{schema}.{name}", [])
        is_whole = re.search(rf"select \*\s+from {schema}\.{name}\b", text)
        named = [each for each in columns if each in words or is_whole]
        if columns:
            kept = named or columns[:1]
            first = [each for each in compared if each in kept] or kept
            found[f"{schema}.{name}"] = Needed(kept, first[:MOST_SORTED])
    return found


def write_narrow(
    connection: duckdb.DuckDBPyConnection, query: str, file: Path, *, release: str
) -> None:
    """Write the tables that a query reads, narrow and sorted, into a file of their own.

    Args:
        connection: A session to which the release is attached.
        query: The query, whose tables are named by schema and name.
        file: Where to; a new DuckDB file.
        release: The name of the release's database in the session.
    """
    macros = macros_of(connection, release)
    called = [macros[word] for word in WORD.findall(query) if word in macros]
    needed = narrowed("\n".join([query, *called]), columns_of(connection, release))
    connection.execute(
        f"attach {literal(str(file))} as narrow (storage_version 'v1.5.0')"
    )
    whole = identifier(release)
    for table, each in needed.items():
        schema, name = map(identifier, table.split("."))
        listed = ", ".join(map(identifier, each.columns))
        order = ", ".join(map(identifier, each.compared))
        connection.execute(f"create schema if not exists narrow.{schema}")
        connection.execute(
            NARROW.substitute(
                schema=schema, name=name, columns=listed, order=order, release=whole
            )
        )
    connection.execute("use narrow")
    for statement in dict.fromkeys(called):
        connection.execute(statement)
    connection.execute(f"use {whole}")
    connection.execute("checkpoint narrow")
    connection.execute("detach narrow")
