"""One sheet of an Excel book; each cell as the text of its value."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
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


def _text(value: Any) -> str:  # noqa: ANN401 - a cell holds any type
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        is_date = value.time() == time(0)
        return value.date().isoformat() if is_date else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _cells(path: Path, table: TableContract) -> pd.DataFrame:
    try:
        with pd.ExcelFile(path, engine="calamine") as book:
            if table.sheet is not None and table.sheet not in book.sheet_names:
                raise Refusal("sheet_missing", f"there is no sheet {table.sheet!r}")
            return pd.read_excel(
                book,
                table.sheet if table.sheet is not None else 0,
                header=None,
                dtype=object,
                keep_default_na=False,
                na_filter=False,
            )
    except (CalamineError, ValueError, OSError) as error:
        raise Refusal("damaged", "the book cannot be opened") from error


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
    cells = _cells(path, table)
    if cells.empty:
        raise Refusal("empty_file", "the sheet is empty")
    texts = cells.map(_text)
    header = [str(name) for name in texts.iloc[0]]
    matching = match_columns(header, table)
    body = texts.iloc[1:]
    body = body[(body != "").any(axis=1)].set_axis(
        [f"c{index}" for index in range(len(header))], axis=1
    )
    connection.register("sheet", body.astype("str"))
    try:
        columns = [
            without_null_token(f"c{index}", table.null_token)
            for index in range(len(header))
        ]
        create_delivered(connection, table, matching, columns, "sheet")
    finally:
        connection.unregister("sheet")
    return Read(rows_delivered=len(body), locate=locate_as_json(connection, table))
