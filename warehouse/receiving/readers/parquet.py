"""Parquet, its columns by name, each value as text without loss."""

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.contracts import TableContract
from warehouse.database import literal
from warehouse.receiving.columns import create_delivered, match_columns
from warehouse.receiving.model import Locate, Read
from warehouse.receiving.reasons import Refusal


def quoted(name: str) -> str:
    """Return a delivered column's name, whatever it holds, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _text(name: str, data_type: str) -> str:
    column = quoted(name)
    if data_type.startswith(("STRUCT", "MAP", "UNION")) or data_type.endswith("]"):
        column = f"to_json({column})"
    elif data_type == "BLOB":
        column = f"hex({column})"
    elif data_type == "TIMESTAMP WITH TIME ZONE":
        column = f"timezone('UTC', {column})"
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
        texts = [_text(str(row[0]), str(row[1])) for row in described]
        create_delivered(connection, table, matching, texts, source)
    except (duckdb.Error, pa.ArrowException) as error:
        raise Refusal("damaged", "the Parquet file is cut or damaged") from error
    return Read(
        rows_delivered=int(counted[0]) if counted else 0,
        locate=locate_as_json(connection, table),
    )
