"""Delimited text, read by DuckDB as text under the header that was delivered."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from warehouse.contracts import TableContract
from warehouse.database import literal
from warehouse.receiving.columns import (
    MOST_COLUMNS,
    Matching,
    create_delivered,
    match_columns,
    without_null_token,
)
from warehouse.receiving.lines import Lines
from warehouse.receiving.model import Read
from warehouse.receiving.reasons import Refusal, RejectedRow
from warehouse.receiving.records import Dialect
from warehouse.receiving.text import (
    has_one_line_end,
    to_utf8,
    view_of,
    with_uniform_line_ends,
)

_LONGEST_HEADER = 1 << 20
_CODES = {
    "MISSING COLUMNS": ("too_few_fields", "the row has too few fields"),
    "TOO MANY COLUMNS": ("too_many_fields", "the row has too many fields"),
    "INVALID ENCODING": ("broken_encoding", "the row holds bytes that are no text"),
    "LINE SIZE OVER MAXIMUM": ("too_long", "the row is longer than 2 MB"),
}


def plain_csv(table: TableContract) -> TableContract:
    """Return the contract of what the house writes itself: plain csv in UTF-8."""
    return table.model_copy(
        update={
            "format": "csv",
            "encoding": "utf-8",
            "compression": "none",
            "delimiter": ",",
            "quote": '"',
            "null_token": "",
            "footer": None,
        }
    )


def split_fields(record: str, table: TableContract) -> list[str]:
    """Return the fields of one record.

    Raises:
        csv.Error: It is not written as the contract says, or is more than one record.
    """
    form: dict[str, Any] = {"delimiter": table.delimiter, "strict": True}
    if table.quote:
        form |= {"quotechar": table.quote, "doublequote": True}
    else:
        form |= {"quotechar": None, "quoting": csv.QUOTE_NONE}
    rows = list(csv.reader(io.StringIO(record, newline=""), **form))
    if len(rows) > 1:
        raise csv.Error("more than one record")
    return rows[0] if rows else []


def read_header(path: Path, table: TableContract) -> tuple[list[str], bytes]:
    """Return the column names of a UTF-8 file, and the bytes they stand in.

    Raises:
        Refusal: There is no header, or it is no text or has too many columns.
    """
    view = view_of(path)
    with path.open("rb") as file:
        raw = file.readline(_LONGEST_HEADER)
        quote = table.quote.encode()
        while quote and raw.count(quote) % 2 and len(raw) < _LONGEST_HEADER:
            more = file.readline(_LONGEST_HEADER)
            if not more:
                raise Refusal("quote_unclosed", "the header's quote never closes", 1)
            raw += more
    text = raw.removeprefix(b"\xef\xbb\xbf")
    if text.count(table.delimiter.encode()) >= MOST_COLUMNS:
        raise Refusal("too_many_columns", f"more than {MOST_COLUMNS} columns", line=1)
    if len(raw) >= _LONGEST_HEADER and len(raw) < len(view):
        raise Refusal("unreadable", "the header does not end", line=1)
    if b"\0" in text:
        raise Refusal("unreadable", "the header holds a NUL byte", line=1)
    try:
        line = text.decode("utf-8").rstrip("\r\n")
        names = split_fields(line, table)
    except UnicodeDecodeError as error:
        raise Refusal(
            "wrong_encoding", f"the header is not {table.encoding}, as declared", 1
        ) from error
    except csv.Error as error:
        raise Refusal("unreadable", "the header cannot be read", line=1) from error
    return names, raw


def _source(path: Path, table: TableContract, width: int) -> str:
    columns = ", ".join(f"'c{index}': 'varchar'" for index in range(width))
    names = ", ".join(f"'c{index}'" for index in range(width))
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = true, "
        f"delim = {literal(table.delimiter)}, quote = {literal(table.quote)}, "
        f"escape = {literal(table.quote)}, columns = {{{columns}}}, "
        f"force_not_null = [{names}], strict_mode = true, store_rejects = true)"
    )


def ordinals_as_delivered(cleaned: list[int], lines: Lines) -> list[int]:
    """Return the ordinals of records, given those they have among the clean ones."""
    apart = np.array(sorted(row.row for row in lines.rejected), np.int64)
    before = apart - np.arange(len(apart)) - 1
    places = np.array(cleaned, np.int64)
    shifted = places + np.searchsorted(before, places - 1, side="right")
    return [int(place) for place in shifted]


def _parse_rejects(
    connection: duckdb.DuckDBPyConnection, lines: Lines
) -> list[RejectedRow]:
    """Return the rows that DuckDB would not parse, by their ordinals as delivered."""
    found = connection.execute(
        "select line - 1, min(cast(error_type as varchar)) from temp.reject_errors "
        "group by line order by line"
    ).fetchall()
    if not found:
        return []
    unexpected = [kind for _, kind in found if kind not in _CODES]
    if unexpected:
        raise Refusal("unreadable", f"the file cannot be read: {unexpected[0].lower()}")
    ordinals = ordinals_as_delivered([row[0] for row in found], lines)
    located = lines.locate(ordinals)
    if len(located) != len(ordinals):
        raise Refusal("balance", "rows were rejected that were not counted")
    return [
        RejectedRow(ordinal, line, *_CODES[kind], raw=raw)
        for ordinal, (line, raw), (_, kind) in zip(
            ordinals, located, found, strict=True
        )
    ]


def open_lines(path: Path, table: TableContract, scratch: Path) -> Lines:
    """Return the file's text as UTF-8 with uniform line ends, its records counted.

    Raises:
        Refusal: It is no text of the declared encoding, or a quote never closes.
    """
    quote = ord(table.quote) if table.format == "csv" and table.quote else None
    utf8 = to_utf8(path, table.encoding, scratch / "utf8")
    is_uniform = has_one_line_end(utf8)
    return Lines(
        path=utf8
        if is_uniform
        else with_uniform_line_ends(utf8, quote, scratch / "uniform"),
        is_uniform=is_uniform,
        encoding=table.encoding,
        dialect=Dialect(ord(table.delimiter), quote),
        start=0,
        skips_blank=True,
    )


def _footer(
    connection: duckdb.DuckDBPyConnection,
    table: TableContract,
    lines: Lines,
    read: Read,
) -> None:
    """Take the control total, the last record, out of the rows."""
    if table.footer is None:
        return
    last = lines.count
    located = lines.locate([last]) if last else []
    text = located[0][1].decode(table.encoding, "replace") if located else ""
    fields = split_fields(text, table)
    if not fields or not fields[0].startswith(table.footer.marker):
        raise Refusal("footer_missing", "the last line is not the control total")
    rejected = [row for row in read.rejected if row.row != last]
    if len(rejected) == len(read.rejected):
        connection.execute(
            "delete from temp.delivered "
            "where rowid = (select max(rowid) from temp.delivered)"
        )
    read.rejected = rejected
    read.rows_delivered -= 1
    read.footer = fields


def _read_nothing(connection: duckdb.DuckDBPyConnection, table: TableContract) -> Read:
    """Read a file of no bytes: no rows, which the contract may allow."""
    if table.footer is not None:
        raise Refusal("footer_missing", "there is no line, and no control total")
    create_delivered(connection, table, Matching({}, {}), [], "(select 1) where false")
    return Read(rows_delivered=0, locate=lambda rows: [])


def read(
    connection: duckdb.DuckDBPyConnection,
    table: TableContract,
    path: Path,
    scratch: Path,
) -> Read:
    """Read a delimited file into the temp table `delivered`.

    Raises:
        Refusal: The file as a whole is not as its contract says.
    """
    if not path.stat().st_size:
        return _read_nothing(connection, table)
    lines = open_lines(path, table, scratch)
    header, raw_header = read_header(lines.path, table)
    matching = match_columns(header, table)
    lines.start = len(raw_header)
    lines.skips_blank = len(header) > 1
    lines.dialect = replace(lines.dialect, width=len(header))
    lines.inspect()
    cleaned = lines.write_clean(scratch / "clean", raw_header)
    texts = [
        without_null_token(f"c{index}", table.null_token)
        for index in range(len(header))
    ]
    connection.execute("drop table if exists temp.reject_errors")
    connection.execute("drop table if exists temp.reject_scans")
    try:
        create_delivered(
            connection, table, matching, texts, _source(cleaned, table, len(header))
        )
    except duckdb.Error as error:
        raise Refusal(
            "unreadable", "the file cannot be read as its contract says"
        ) from (error)
    rejected = sorted(
        [*lines.rejected, *_parse_rejects(connection, lines)], key=lambda row: row.row
    )
    read = Read(rows_delivered=lines.count, locate=lines.locate, rejected=rejected)
    _footer(connection, table, lines, read)
    return read
