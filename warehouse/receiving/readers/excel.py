"""One sheet of an Excel book; each cell as the text of its value."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError

from warehouse.contracts import TableContract
from warehouse.receiving.columns import (
    create_delivered,
    match_columns,
    without_null_token,
)
from warehouse.receiving.model import Read
from warehouse.receiving.readers.parquet import locate_as_json
from warehouse.receiving.reasons import Refusal
from warehouse.receiving.unpack import check_book


def _float_text(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _datetime_text(value: datetime) -> str:
    is_date = value.time() == time(0)
    return value.date().isoformat() if is_date else value.isoformat(sep=" ")


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _float_text,
    datetime: _datetime_text,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}


def _texts(cells: Sequence[Any]) -> Sequence[str]:
    """Return a column's cells as texts; most columns hold nothing else."""
    if set(map(type, cells)) == {str}:
        return cells
    return [_TEXTS[type(cell)](cell) for cell in cells]


def _columns(path: Path, table: TableContract) -> list[Sequence[str]]:
    try:
        with pd.ExcelFile(path, engine="calamine") as book:
            names = book.sheet_names
            if table.sheet is not None and table.sheet not in names:
                raise Refusal("sheet_missing", f"there is no sheet {table.sheet!r}")
            sheet = book.book.get_sheet_by_name(table.sheet or names[0])
            rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise Refusal("damaged", "the book cannot be opened") from error
    return [_texts(cells) for cells in zip(*rows, strict=True)]


def _without_blank_rows(body: pa.Table) -> pa.Table:
    filled = (pc.not_equal(column, "") for column in body.columns)
    return body.filter(reduce(pc.or_, filled))


def read(
    connection: duckdb.DuckDBPyConnection,
    table: TableContract,
    path: Path,
    scratch: Path,
) -> Read:
    """Read a sheet into the temp table `delivered`.

    Raises:
        Refusal: The book as a whole is not as its contract says.
    """
    check_book(path)
    columns = _columns(path, table)
    if not columns:
        raise Refusal("empty_file", "the sheet is empty")
    header = [cells[0] for cells in columns]
    matching = match_columns(header, table)
    body = _without_blank_rows(
        pa.table(
            {
                f"c{index}": pa.array(cells[1:], pa.string())
                for index, cells in enumerate(columns)
            }
        )
    )
    connection.register("sheet", body)
    try:
        texts = [
            without_null_token(f"c{index}", table.null_token)
            for index in range(len(header))
        ]
        create_delivered(connection, table, matching, texts, "sheet")
    finally:
        connection.unregister("sheet")
    return Read(rows_delivered=len(body), locate=locate_as_json(connection, table))
