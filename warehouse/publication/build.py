"""How the two files of a release are written from the work database.

Rows keep the order that they have there, columns their types and not-null constraints;
descriptions become comments. Views are written anew without the name of the work
database; macros are those of `warehouse/publication/macros`, one a file, which name
none, and the metrics. So the file may be renamed or attached under any alias.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from warehouse.database import attach, identifier, literal, session
from warehouse.errors import ClienteleError
from warehouse.publication.metrics import CATALOGUE, make_metrics
from warehouse.publication.plan import SCHEMAS, Column, Table
from warehouse.settings import Settings

WORK = "work"
MACROS = Path(__file__).parent / "macros"
"""The macros that every release has."""
_RELEASE = "release"


def write_marts(
    settings: Settings, tables: Sequence[Table], file: Path, *, macros: Path
) -> None:
    """Write the columns without identifiers of persons, the views and the macros.

    Args:
        settings: Memory, threads and places.
        tables: What to write.
        file: Where.
        macros: The folder of the macros: one `create macro main.<name of the file>`
            each, which names no database.

    Raises:
        ClienteleError: A view or macro cannot be written, or the file was not closed
            cleanly.
    """
    with session(settings, write=file, alias=_RELEASE) as connection:
        attach(connection, settings.places.work, alias=WORK)
        _make_schemas(connection, SCHEMAS)
        for table in tables:
            if table.view:
                _make_view(connection, table)
            else:
                _copy(connection, table, table.public)
            _comment(connection, table, table.public)
        _make_macros(connection, macros)
        if CATALOGUE in {table.full_name for table in tables}:
            make_metrics(connection)
        _close(connection)
    _assert_closed(file)


def write_restricted(settings: Settings, tables: Sequence[Table], file: Path) -> None:
    """Write the personal columns, each table under its keys.

    Raises:
        ClienteleError: The file was not closed cleanly.
    """
    with session(settings, write=file, alias=_RELEASE) as connection:
        attach(connection, settings.places.work, alias=WORK)
        _make_schemas(connection, SCHEMAS)
        for table in tables:
            if table.restricted:
                _copy(connection, table, table.restricted)
                _comment(connection, table, table.restricted)
        _close(connection)
    _assert_closed(file)


def _make_schemas(
    connection: duckdb.DuckDBPyConnection, schemas: Iterable[str]
) -> None:
    for schema in schemas:
        connection.execute(f"create schema {identifier(schema)}")


def _copy(
    connection: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[Column]
) -> None:
    declared = ", ".join(
        f"{identifier(column.name)} {column.data_type}"
        f"{'' if column.is_nullable else ' not null'}"
        for column in columns
    )
    names = ", ".join(identifier(column.name) for column in columns)
    connection.execute(f"create table {table.identifier} ({declared})")
    connection.execute(
        f"insert into {table.identifier} "  # noqa: S608
        f"select {names} from {identifier(WORK)}.{table.identifier}"
    )


def _comment(
    connection: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[Column]
) -> None:
    kind = "view" if table.view else "table"
    comments = [f"comment on {kind} {table.identifier} is {literal(table.description)}"]
    comments += [
        f"comment on column {table.identifier}.{identifier(column.name)} "
        f"is {literal(column.described.description)}"
        for column in columns
    ]
    connection.execute(";".join(comments))


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


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"checkpoint {_RELEASE}")
    connection.execute("use memory")
    connection.execute(f"detach {_RELEASE}")


def _assert_closed(file: Path) -> None:
    log = file.with_name(file.name + ".wal")
    if log.exists():
        raise ClienteleError(
            "a write-ahead log was left beside a closed database",
            where=log.name,
            mend="Run the night again; if it stays, look for a full disk.",
        )
