"""Parquet, its columns by name, each value as text without loss."""

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.contracts import TableContract
from warehouse.database import literal
from warehouse.receiving.columns import (
    Matching,
    create_delivered,
    is_id,
    is_one_text,
    match_columns,
)
from warehouse.receiving.model import Locate, Read
from warehouse.receiving.reasons import Refusal


def quoted(name: str) -> str:
    """Return a delivered column's name, whatever it holds, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _is_nested(data_type: str) -> bool:
    return data_type.startswith(("STRUCT", "MAP", "UNION")) or data_type.endswith("]")


def _refuse_other_types(
    table: TableContract, matching: Matching, types: Sequence[str]
) -> None:
    """Refuse ids and names whose texts would not be those of before.

    A fraction loses digits of an id; bytes would be read as their digits. What a typed
    column holds is seen at the door, value by value.
    """
    for column in table.columns:
        place = matching.positions.get(column.name)
        if place is None or column.data_type != "varchar":
            continue
        found = types[place]
        is_fraction = found in ("FLOAT", "DOUBLE") and is_id(column, table)
        is_no_text = found == "BLOB" or _is_nested(found)
        if is_fraction or (is_no_text and is_one_text(column, table)):
            kind = "nested" if _is_nested(found) else found.lower()
            raise Refusal(
                "type_changed", f"{column.delivered_as!r} is {kind}, and is to be text"
            )


def _text(name: str, data_type: str, *, states_offset: bool) -> str:
    column = quoted(name)
    if _is_nested(data_type):
        column = f"to_json({column})"
    elif data_type == "BLOB":
        column = f"hex({column})"
    elif data_type == "TIMESTAMP WITH TIME ZONE":
        column = f"timezone('UTC', {column})"
        if states_offset:
            column = f"cast({column} as varchar) || 'Z'"
    return f"coalesce(cast({column} as varchar), '')"


def locate_as_json(
    connection: duckdb.DuckDBPyConnection, table: TableContract
) -> Locate:
    """Return what finds rows of `delivered` as json, for formats without lines."""
    names = [column.name for column in table.columns]
    shown = ", ".join(f'"{name}"' for name in names)

    def locate(rows: Sequence[int]) -> list[tuple[int | None, bytes]]:
        found = connection.execute(
            f"select {shown} from temp.delivered "  # noqa: S608
            "where rowid + 1 in (select unnest(?::bigint[])) order by rowid",
            [list(rows)],
        ).fetchall()
        return [
            (
                None,
                json.dumps(
                    dict(zip(names, row, strict=True)), ensure_ascii=False
                ).encode(),
            )
            for row in found
        ]

    return locate


def read(
    connection: duckdb.DuckDBPyConnection,
    table: TableContract,
    path: Path,
    scratch: Path,
) -> Read:
    """Read a Parquet file into the temp table `delivered`.

    Raises:
        Refusal: The file as a whole is not as its contract says.
    """
    source = f"read_parquet({literal(str(path))})"
    try:
        described = connection.execute(f"describe select * from {source}").fetchall()  # noqa: S608
        counted = connection.execute(
            "select num_rows from parquet_file_metadata(?)", [str(path)]
        ).fetchone()
        header = pq.read_schema(path).names
        matching = match_columns(header, table)
        if header != [str(row[0]) for row in described]:
            raise Refusal("header_repeated", "two names differ in case alone")
        types = [str(row[1]) for row in described]
        _refuse_other_types(table, matching, types)
        zoned = {each.delivered_as for each in table.columns if each.time_zone}
        texts = [
            _text(name, data_type, states_offset=name in zoned)
            for name, data_type in zip(header, types, strict=True)
        ]
        create_delivered(connection, table, matching, texts, source)
    except (duckdb.Error, pa.ArrowException) as error:
        raise Refusal("damaged", "the Parquet file is cut or damaged") from error
    return Read(
        rows_delivered=int(counted[0]) if counted else 0,
        locate=locate_as_json(connection, table),
    )
