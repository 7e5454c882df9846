"""Files that break their contract as a whole: name, bytes, contract, reason code."""

import gzip
import io
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from gallery import Case
from receiving_world import GOOD, HEADER, PEOPLE

CLEAN = HEADER + GOOD


def zipped(*members: tuple[str, bytes], mode: int = 0) -> bytes:
    """Make a zip of members, of a file mode where given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


def with_password(archive: bytes) -> bytes:
    """Mark the member of a zip as encrypted."""
    marked = bytearray(archive)
    marked[6] |= 1
    marked[marked.index(b"PK\x01\x02") + 8] |= 1
    return bytes(marked)


def book(frame: pd.DataFrame) -> bytes:
    """Make an Excel book of a frame."""
    buffer = io.BytesIO()
    frame.to_excel(buffer, index=False)
    return buffer.getvalue()


def parquet(frame: pd.DataFrame) -> bytes:
    """Make a Parquet file of a frame."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


def damaged(data: bytes) -> bytes:
    """Flip a byte of the check sum at the end of a gzip file."""
    return data[:-6] + bytes([data[-6] ^ 1]) + data[-5:]


def repeated_names(*names: str) -> bytes:
    """Make a Parquet file whose columns have these names, equal or not."""
    buffer = io.BytesIO()
    columns = [pa.array(["1"]) for _ in names]
    pq.write_table(pa.Table.from_arrays(columns, list(names)), buffer)
    return buffer.getvalue()


def wrong_sum(archive: bytes) -> bytes:
    """Change the check sum of a zip's first member, where it is stated twice."""
    marked = bytearray(archive)
    marked[14] ^= 1
    marked[marked.index(b"PK\x01\x02") + 16] ^= 1
    return bytes(marked)


def gzip_bomb() -> bytes:
    """Make half a gigabyte of nothing small."""
    return gzip.compress(bytes(1 << 29))


@cache
def zip_bomb() -> bytes:
    """Make the same as a zip."""
    return zipped(("a", bytes(1 << 29)))


def failing_book() -> bytes:
    """Make a book in which a formula failed."""
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    for row in (["id", "x"], ["1", "a"], ["2", "#DIV/0!"], ["3", "c"]):
        sheet.append(row)
    sheet["B3"].data_type = "e"
    book.save(buffer)
    return buffer.getvalue()


FRAME = pd.DataFrame({"id": ["1"], "name": ["Ann"]})
TWO = {"columns": PEOPLE[:2]}
FOOTER = {"footer": {"marker": "TOTAL", "row_count_field": 1, "total_field": 4}}
FOOTED = {"footer": {**FOOTER["footer"], "total_column": "spent"}}
GZIP, ZIP = {"compression": "gzip"}, {"compression": "zip"}
FULL = {"delivery": "full", "keys": ["id"]}
PARQUET, BOOK = TWO | {"format": "parquet"}, TWO | {"format": "excel"}
NONE = {"rows": {"minimum": 0}}
NOBODY = FRAME[:0]

REFUSED: list[tuple[str, bytes | Callable[[], bytes], dict[str, Any], str]] = [
    ("no bytes", b"", {}, "empty_file"),
    ("header only", HEADER, {}, "empty_file"),
    ("full snapshot of nothing", HEADER, FULL | NONE, "empty_file"),
    ("full snapshot of no bytes", b"", FULL | NONE, "empty_file"),
    ("gzip of no bytes", b"", GZIP, "empty_file"),
    ("gzip of nothing", gzip.compress(b""), GZIP, "empty_file"),
    ("zip of an empty file", zipped(("a.csv", b"")), ZIP, "empty_file"),
    ("no bytes for json", b"", TWO | {"format": "json_lines"}, "empty_file"),
    ("no bytes for parquet", b"", {"format": "parquet"} | NONE, "empty_file"),
    ("no bytes, footer missing", b"", FOOTED | NONE, "footer_missing"),
    (
        "parquet without rows",
        parquet(NOBODY),
        PARQUET,
        "empty_file",
    ),
    ("book without rows", book(NOBODY), BOOK, "empty_file"),
    ("web page", b"<!DOCTYPE html><html>login</html>", {}, "web_page"),
    ("web page for json", b"\n<html>429</html>", {"format": "json_lines"}, "web_page"),
    ("gzip undeclared", gzip.compress(CLEAN), {}, "wrong_magic"),
    ("zip undeclared", zipped(("people.csv", CLEAN)), {}, "wrong_magic"),
    ("parquet as csv", parquet(FRAME), {}, "wrong_magic"),
    ("csv as parquet", CLEAN, {"format": "parquet"}, "wrong_magic"),
    ("csv as excel", CLEAN, {"format": "excel"}, "wrong_magic"),
    ("csv as gzip", CLEAN, GZIP, "wrong_magic"),
    ("gzip cut", gzip.compress(CLEAN)[:-9], GZIP, "damaged"),
    ("gzip with wrong sum", damaged(gzip.compress(CLEAN)), GZIP, "damaged"),
    ("gzip bomb", gzip_bomb, GZIP, "bomb"),
    ("zip with two", zipped(("a", CLEAN), ("b", CLEAN)), ZIP, "unsafe_archive"),
    ("zip with way out", zipped(("../a.csv", CLEAN)), ZIP, "unsafe_archive"),
    ("zip with absolute path", zipped(("/a.csv", CLEAN)), ZIP, "unsafe_archive"),
    ("zip with link", zipped(("a", b"/etc"), mode=0o120777), ZIP, "unsafe_archive"),
    ("zip with password", with_password(zipped(("a", CLEAN))), ZIP, "unsafe_archive"),
    ("zip with wrong sum", wrong_sum(zipped(("a", CLEAN))), ZIP, "damaged"),
    ("zip cut", zipped(("a", CLEAN))[:-30], ZIP, "damaged"),
    ("parquet cut", parquet(FRAME)[:-20], PARQUET, "damaged"),
    ("book bomb", zip_bomb, BOOK, "bomb"),
    ("pdf", b"%PDF-1.7\n", {}, "wrong_magic"),
    ("old book", b"\xd0\xcf\x11\xe0\xa1", {"format": "excel"}, "wrong_magic"),
    ("zstandard", b"\x28\xb5\x2f\xfd\0", {}, "wrong_magic"),
    ("book cut", book(FRAME)[:-200], BOOK, "damaged"),
    (
        "no such sheet",
        book(FRAME),
        TWO | {"format": "excel", "sheet": "X"},
        "sheet_missing",
    ),
    ("column with a space", HEADER.replace(b"id", b"id ") + GOOD, {}, "column_missing"),
    (
        "column with a zero-width space",
        HEADER.replace(b"name", "na\u200bme".encode()) + GOOD,
        {},
        "column_missing",
    ),
    (
        "column with a look-alike letter",
        HEADER.replace(b"age", "\u0430ge".encode()) + GOOD,
        {},
        "column_missing",
    ),
    ("delimiter at the end of lines", b"id,name,\n1,Ann,\n", TWO, "header_blank"),
    ("preamble", b"Report of Monday\n" + CLEAN, {}, "column_missing"),
    ("other delimiter", CLEAN.replace(b",", b";"), {}, "column_missing"),
    ("column missing", b"id,name,age,born\n1,Ann,3,1990-01-01\n", {}, "column_missing"),
    (
        "column repeated",
        b"id,id,name,age,born,spent\n1,1,A,3,,\n",
        {},
        "header_repeated",
    ),
    (
        "column without name",
        b"id,,name,age,born,spent\n1,1,A,3,,\n",
        {},
        "header_blank",
    ),
    ("column unknown", b"id,x,name,age,born,spent\n1,1,A,3,,\n", {}, "column_unknown"),
    (
        "100,000 columns",
        b",".join(b"c%d" % i for i in range(100_000)) + b"\n1\n",
        {},
        "too_many_columns",
    ),
    ("NUL in header", b"id,na\0me\n1,2\n", {}, "unreadable"),
    (
        "quote never closed",
        CLEAN + b'3,"Eve,50,1970-01-01,1\n4,Flo,1,,\n',
        {},
        "quote_unclosed",
    ),
    (
        "quote closed rows later",
        CLEAN + b'3,"Eve,5,,1\n4,"Flo",1,,\n',
        {},
        "quote_unclosed",
    ),
    ("footer missing", CLEAN, FOOTED, "footer_missing"),
    ("footer of other count", CLEAN + b"TOTAL,3,,,4.00\n", FOOTED, "footer_mismatch"),
    ("footer of other sum", CLEAN + b"TOTAL,2,,,4.01\n", FOOTED, "footer_mismatch"),
    ("too few rows", CLEAN, {"rows": {"minimum": 3}}, "too_few_rows"),
    ("too many rows", CLEAN, {"rows": {"maximum": 1}}, "too_many_rows"),
    (
        "json without a column",
        b'{"id":"1"}\n',
        {"format": "json_lines", **TWO},
        "column_missing",
    ),
    ("zip bomb", zip_bomb, ZIP, "bomb"),
    ("zip with way out, backwards", zipped(("..\\a", CLEAN)), ZIP, "unsafe_archive"),
    ("zip with folder", zipped(("a/", b"")), ZIP, "unsafe_archive"),
    (
        "parquet column repeated",
        repeated_names("id", "id", "name"),
        TWO | {"format": "parquet", "new_column": "keep"},
        "header_repeated",
    ),
    (
        "parquet columns of one name but for case",
        repeated_names("id", "ID", "name"),
        TWO | {"format": "parquet", "new_column": "keep"},
        "header_repeated",
    ),
    (
        "book column repeated",
        book(pd.DataFrame([["1", "2", "a"]], columns=["id", "id", "name"])),
        BOOK,
        "header_repeated",
    ),
]
_STRUCTURE = {"empty_file", "quote_unclosed", "unreadable", "too_many_columns"}


def _group(code: str) -> str:
    is_structure = code in _STRUCTURE or code.startswith(("header", "column", "footer"))
    return "Structure" if is_structure else "Files"


CASES = [
    Case(_group(code), name, "refuse", code, data, contract)
    for name, data, contract, code in REFUSED
]
CASES.append(
    Case(
        *("Values", "cell that a spreadsheet could not compute"),
        *("quarantine", "cell_error", failing_book()),
        {"format": "excel", "columns": [{"name": "id"}, {"name": "x"}]},
        bad=b'{"id": "2", "x": "#DIV/0!"}',
        at=(2, None),
        column="x",
        rows=[("1", "a"), ("3", "c")],
    )
)
