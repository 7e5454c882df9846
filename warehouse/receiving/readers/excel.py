"""One sheet of an Excel book; each cell as the text of its value."""

import html
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import duckdb
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


_ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)([0-9]+)"[^>]*>'
    rb"(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<]*)</v>"
)
_SHEET = re.compile(rb"<sheet\b[^>]*>")
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
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


def _attribute(element: bytes, name: bytes) -> str:
    found = re.search(rb"\b(?:\w+:)?" + name + rb'="([^"]*)"', element)
    return html.unescape(found.group(1).decode()) if found else ""


def _part_of(book: zipfile.ZipFile, sheet: str) -> str:
    """Return the part of a book that holds a sheet; empty when it has none."""
    sheets = _SHEET.findall(book.read("xl/workbook.xml"))
    ids = [_attribute(each, b"id") for each in sheets]
    names = [_attribute(each, b"name") for each in sheets]
    wanted = ids[names.index(sheet)] if sheet in names else ""
    for each in _RELATION.findall(book.read("xl/_rels/workbook.xml.rels")):
        if wanted and _attribute(each, b"Id") == wanted:
            target = _attribute(each, b"Target")
            return target.removeprefix("/") if target[0] == "/" else f"xl/{target}"
    return ""


def _error_cells(path: Path, sheet: str) -> list[tuple[int, int, str]]:
    """Return row, column and text of each cell that the spreadsheet could not compute.

    The library that reads the cells takes them for empty, which would clear a value.
    """
    with zipfile.ZipFile(path) as book:
        part = _part_of(book, sheet) if "xl/workbook.xml" in book.namelist() else ""
        text = book.read(part) if part else b""
        cells = _ERROR_CELL.findall(text) if b't="e"' in text else []
    return [
        (int(row) - 1, _place(column.decode()), html.unescape(told.decode()))
        for column, row, told in cells
    ]


def _place(letters: str) -> int:
    return reduce(lambda place, letter: place * 26 + ord(letter) - 64, letters, 0) - 1


def _columns(path: Path, table: TableContract) -> list[Sequence[str]]:
    import pandas as pd  # here, since a night with nothing new is not to load it

    try:
        with pd.ExcelFile(path, engine="calamine") as book:
            names = book.sheet_names
            if table.sheet is not None and table.sheet not in names:
                raise Refusal("sheet_missing", f"there is no sheet {table.sheet!r}")
            sheet = book.book.get_sheet_by_name(table.sheet or names[0])
            rows = sheet.to_python(skip_empty_area=False)
            for row, column, text in _error_cells(path, table.sheet or str(names[0])):
                rows[row][column] = text
    except (CalamineError, LookupError, ValueError, OSError) as error:
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
