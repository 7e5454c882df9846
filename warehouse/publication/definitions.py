"""The views, macros and descriptions of a release.

Views are written anew without the name of the work database; macros are those of
`warehouse/publication/macros`, one a file, which name none, and the metrics. So the
file may be renamed or attached under any alias.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from warehouse.database import identifier, literal
from warehouse.errors import ClienteleError
from warehouse.publication.metrics import CATALOGUE, make_metrics
from warehouse.publication.plan import Column, Table

WORK = "work"
MACROS = Path(__file__).parent / "macros"
"""The macros that every release has."""
_VIEWS = """
select schema_name, view_name from duckdb_views()
where database_name = current_database() and not internal
"""
_MACROS = """
select distinct function_type = 'table_macro' as is_table, function_name
from duckdb_functions()
where database_name = current_database() and not internal
"""
_COMMENTS = """
with told as (
    select schema_name, table_name, '' as name, comment from duckdb_tables()
    where database_name = current_database()
    union all
    select schema_name, table_name, column_name, comment from duckdb_columns()
    where database_name = current_database() and not internal
)

select schema_name || '.' || table_name, map(list(name), list(comment)) from told
group by all
"""
ITSELF = ""
"""Stands for the table among the names of its columns."""
Comments = Mapping[str, str | None]
"""What is said of a table and its columns, by name."""
NOTHING_SAID: Comments = MappingProxyType({})


def make_definitions(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], macros: Path
) -> None:
    """Make the views and macros of the database in use, whose tables are there.

    Args:
        connection: A session.
        tables: What is published; the views among it are made in this order.
        macros: The folder of the macros: one `create macro main.<name of the file>`
            each, which names no database.

    Raises:
        ClienteleError: A view or macro reads what is not published.
    """
    for table in tables:
        if table.view:
            _make_view(connection, table)
            comment(connection, table, table.public)
    _make_macros(connection, macros)
    if CATALOGUE in {table.full_name for table in tables}:
        make_metrics(connection)


def forget_definitions(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the views and macros of the database in use."""
    for schema, view in connection.execute(_VIEWS).fetchall():
        connection.execute(f"drop view {identifier(schema)}.{identifier(view)}")
    for is_table, name in connection.execute(_MACROS).fetchall():
        kind = "macro table" if is_table else "macro"
        connection.execute(f"drop {kind} main.{identifier(name)}")


def comments(connection: duckdb.DuckDBPyConnection) -> dict[str, Comments]:
    """Return what the database in use says of its tables, by `schema.name`."""
    return dict(connection.execute(_COMMENTS).fetchall())


def comment(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    columns: Sequence[Column],
    said: Comments = NOTHING_SAID,
) -> None:
    """Say of a table or view of the database in use what its model says.

    Args:
        connection: A session.
        table: The table or view.
        columns: Those of its columns that it has there.
        said: What is said of it already, which need not be said again.
    """
    kind = "view" if table.view else "table"
    told = {ITSELF: table.description}
    told |= {column.name: column.described.description for column in columns}
    statements = [
        f"comment on {kind} {table.identifier} is {literal(text)}"
        if name == ITSELF
        else f"comment on column {table.identifier}.{identifier(name)} "
        f"is {literal(text)}"
        for name, text in told.items()
        if said.get(name) != text
    ]
    if statements:
        connection.execute(";".join(statements))


def _make_view(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    select = (table.view or "").partition(" AS ")[2]
    _define(connection, f"view {table.identifier} as", select, where=table.full_name)


def _make_macros(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        try:
            connection.execute(file.read_text(encoding="utf-8"))
        except duckdb.Error as error:
            raise _unpublished(error, where=f"main.{file.stem}") from error


def _define(
    connection: duckdb.DuckDBPyConnection, head: str, select: str, *, where: str
) -> None:
    try:
        connection.execute(f"create {head} {_without_database(connection, select)}")
    except duckdb.Error as error:
        raise _unpublished(error, where=where) from error


def _unpublished(error: duckdb.Error, *, where: str) -> ClienteleError:
    return ClienteleError(
        f"it reads what is not published: {str(error).splitlines()[0]}",
        where=where,
        mend="Let it name published tables and columns without personal data only.",
    )


def _without_database(connection: duckdb.DuckDBPyConnection, select: str) -> str:
    [[parsed]] = connection.execute("select json_serialize_sql(?)", [select]).fetchall()
    tree = _forget_database(json.loads(parsed))
    [[written]] = connection.execute(
        "select json_deserialize_sql(cast(? as json))", [json.dumps(tree)]
    ).fetchall()
    return str(written)


def _forget_database(node: Any) -> Any:  # noqa: ANN401
    """Walk a parsed statement; its nodes have no common type."""
    if isinstance(node, list):
        return [_forget_database(item) for item in node]
    if not isinstance(node, dict):
        return node
    forgotten = {key: _forget_database(value) for key, value in node.items()}
    for key in ("catalog_name", "catalog"):
        if forgotten.get(key) == WORK:
            forgotten[key] = ""
    names = forgotten.get("column_names")
    if isinstance(names, list) and len(names) > 2 and names[0] == WORK:
        forgotten["column_names"] = names[1:]
    return forgotten
