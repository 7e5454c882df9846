"""How deliveries are written: the same rows give the same bytes, whatever the day."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from warehouse.demo.columns import Column, join, number

ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def csv_bytes(
    table: pa.Table, *, header: bool, delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    """Return rows as CSV without quotes; no value may hold the delimiter.

    Chunks are combined, for of an empty one pyarrow writes what its memory held.
    """
    buffer = io.BytesIO()
    options = arrow_csv.WriteOptions(
        include_header=False, delimiter=delimiter, quoting_style="none"
    )
    if header:
        buffer.write((delimiter.join(table.column_names) + "\n").encode())
    if len(table):
        arrow_csv.write_csv(table.combine_chunks(), buffer, options)
    content = buffer.getvalue()
    if encoding == "utf-8":
        return content
    return content.decode().encode(encoding)


def write_parquet(tables: Iterable[pa.Table], path: Path) -> int:
    """Write rows as one Parquet file, a row group per table, of which one at least.

    Returns:
        The number of rows.
    """
    rest = iter(tables)
    first = next(rest)
    count = 0
    with parquet.ParquetWriter(path, first.schema, compression="zstd") as writer:
        for table in chain([first], rest):
            writer.write_table(table)
            count += len(table)
    return count


def json_lines_bytes(table: pa.Table) -> bytes:
    """Return rows as one JSON object a line; a null is written as such."""
    parts: list[Column | str] = ["{"]
    for ordinal, name in enumerate(table.column_names):
        parts.append(f"{', ' if ordinal else ''}{json.dumps(name)}: ")
        parts.append(_json_values(table[name].combine_chunks()))
    parts.append("}\n")
    lines = join(*parts)
    return "".join(lines.to_pylist()).encode()


def _json_values(column: Column) -> Column:
    if pa.types.is_string(column.type):
        coded = pc.dictionary_encode(column)
        words = [
            json.dumps(word, ensure_ascii=False)
            for word in coded.dictionary.to_pylist()
        ]
        text = pa.array(words, pa.string()).take(coded.indices)
    else:
        text = pc.cast(column, pa.string())
    return pc.fill_null(text, "null")


def write_excel(table: pa.Table, path: Path, *, sheet: str) -> None:
    """Write rows as a sheet of text cells.

    The XML is joined column by column: a spreadsheet library takes a minute for what
    this does in a second, and stamps the time of writing into the file.
    """
    rows = np.arange(2, len(table) + 2)
    row_numbers = number(rows)
    parts: list[Column | str] = ['<row r="', row_numbers, '">']
    header = ['<row r="1">']
    for ordinal, name in enumerate(table.column_names):
        letter = _letters(ordinal)
        parts += [f'<c r="{letter}', row_numbers, '" t="inlineStr"><is><t>']
        parts += [_escaped(table[name].combine_chunks()), "</t></is></c>"]
        header.append(
            f'<c r="{letter}1" t="inlineStr"><is><t>{escape(name)}</t></is></c>'
        )
    parts.append("</row>")
    body = "".join(join(*parts).to_pylist()) if len(table) else ""
    content = (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'
        f"{''.join(header)}</row>{body}</sheetData></worksheet>"
    )
    files = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT_RELATIONS,
        "xl/workbook.xml": _WORKBOOK.format(sheet=escape(sheet)),
        "xl/_rels/workbook.xml.rels": _BOOK_RELATIONS,
        "xl/worksheets/sheet1.xml": content,
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(entry, text.encode(), compresslevel=1)


def _escaped(column: Column) -> Column:
    for plain, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        column = pc.replace_substring(column, plain, written)
    return column


def _letters(ordinal: int) -> str:
    high, low = divmod(ordinal, 26)
    return (chr(64 + high) if high else "") + chr(65 + low)


def write_sqlite(
    tables: dict[str, pa.Table], path: Path, *, keys: dict[str, str]
) -> None:
    """Write tables into a new SQLite database, all values as text.

    Args:
        tables: The rows by table name.
        path: The file, replaced if it is there.
        keys: The columns of the primary key of each table.
    """
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        for name, table in tables.items():
            columns = ", ".join(f"{column} text" for column in table.column_names)
            connection.execute(
                f"create table {name} ({columns}, primary key ({keys[name]}))"
            )
            rows = table.to_pandas()
            rows.to_sql(name, connection, if_exists="append", index=False)
            connection.execute(f"create index {name}_updated on {name} (updated_at)")
        connection.commit()
    finally:
        connection.close()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CONTENT_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    f'ContentType="{_KIND}.worksheet+xml"/></Types>'
)
_ROOT_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
_WORKBOOK = (
    f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><sheets>'
    '<sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_BOOK_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)
