"""Many refused rows in one sheet: exported, mended in a spreadsheet, taken back.

A sheet is csv that a spreadsheet opens. A text that a spreadsheet would compute, one
that begins with `=`, `+`, `-`, `@`, a tab or a line end, has an apostrophe put before
it, which is taken away again when the sheet comes back.
"""

import csv
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.company import Company
from warehouse.errors import WrongUseError
from warehouse.quarantine.deciding import Word
from warehouse.quarantine.mending import (
    Copied,
    Copy,
    changed_fields,
    deliver,
    refuse_unknown,
)
from warehouse.quarantine.refused import Refused, refused
from warehouse.quarantine.splitting import Delivered, Splitter
from warehouse.settings import Settings

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_APOSTROPHE = "'"
_TOLD = ("_load", "_row", "_line", "_reason", "_column", "_delivered")
"""Columns of a sheet that tell of the row; `_delivered` is the text of a row that
cannot be split into columns."""


def neutral(text: str) -> str:
    """Return a text that no spreadsheet computes."""
    is_risky = text.startswith((*_FORMULA, _APOSTROPHE))
    return f"{_APOSTROPHE}{text}" if is_risky else text


def restored(text: str) -> str:
    """Return the text that `neutral` was given."""
    is_marked = text.startswith(_APOSTROPHE)
    is_risky = text[1:].startswith((*_FORMULA, _APOSTROPHE))
    return text[1:] if is_marked and is_risky else text


@dataclass(frozen=True)
class Sheet:
    """A sheet that came back: which rows it mends.

    Args:
        copies: The mended rows.
        changes: By column, in how many rows it is another.
        untouched: Rows that are as they were exported.
    """

    splitter: Splitter
    copies: tuple[Copy, ...]
    changes: Mapping[str, int]
    untouched: int


def _one_table(rows: Sequence[Refused]) -> None:
    tables = sorted({f"{row.source_name}.{row.table_name}" for row in rows})
    if len(tables) != 1:
        raise WrongUseError(
            f"a sheet holds rows of one table, not of {len(tables)}",
            where=", ".join(tables) or "quarantine",
            mend="Choose one with --source and --table; `clientele quarantine` counts "
            "what waits.",
        )


def export(
    settings: Settings, company: Company, rows: Sequence[Refused], to: Path
) -> int:
    """Write quarantined rows of one table to a sheet that its owner alone may read.

    Args:
        settings: Where the company's data lies.
        company: Whose contract names the columns.
        rows: The rows.
        to: The file to make; it holds personal data.

    Returns:
        How many rows were written.

    Raises:
        WrongUseError: The rows are of no or several tables, or the file exists.
    """
    chosen = [row for row in rows if row.row_number]
    _one_table(chosen)
    splitter = Splitter(settings, company)
    found = splitter.rows(chosen)
    headers = splitter.load(chosen[0].load_id).headers
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise WrongUseError(
            "the file exists", where=str(to), mend="Name another, or remove it."
        ) from error
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*_TOLD, *headers])
        for row in chosen:
            raw, fields = found[row.load_id, row.row_number]
            text = splitter.text(row.load_id, raw) if fields is None else ""
            told = (row.load_id, row.row_number, row.line_number or "")
            values = [(fields or {}).get(header, "") for header in headers.values()]
            shown = [
                row.reason_code,
                row.column_name or "",
                text.rstrip("\r\n"),
                *values,
            ]
            writer.writerow([*told, *map(neutral, shown)])
    return len(chosen)


def _wrong_sheet(what: str, where: str) -> WrongUseError:
    return WrongUseError(
        what,
        where=where,
        mend="Save the sheet as it was exported: comma-separated, in UTF-8, with its "
        "first line, `_load` and `_row` as they were.",
    )


def _read_lines(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a sheet with its line, texts restored."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as sheet:
            reader = csv.reader(sheet, strict=True)
            header = next(reader, [])
            if not {"_load", "_row"} <= set(header) or len(set(header)) < len(header):
                raise _wrong_sheet("the first line is not that of a sheet", file.name)
            for values in reader:
                if len(values) != len(header):
                    what = f"{len(values)} values, the first line has {len(header)}"
                    raise _wrong_sheet(what, f"{file.name}, line {reader.line_num}")
                texts = map(restored, values)
                yield reader.line_num, dict(zip(header, texts, strict=True))
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise _wrong_sheet("the sheet cannot be read", file.name) from error


def _stated(file: Path) -> dict[tuple[int, int], dict[str, str]]:
    stated: dict[tuple[int, int], dict[str, str]] = {}
    for line, values in _read_lines(file):
        where = f"{file.name}, line {line}"
        try:
            key = int(values.pop("_load")), int(values.pop("_row"))
        except ValueError as error:
            raise _wrong_sheet("`_load` and `_row` are no numbers", where) from error
        if key in stated:
            raise _wrong_sheet("the row is in the sheet twice", where)
        stated[key] = {k: v for k, v in values.items() if k not in _TOLD}
    return stated


def _changes(
    load: Delivered, fields: Mapping[str, str] | None, stated: Mapping[str, str]
) -> dict[str, str]:
    """Return what the sheet says otherwise; all it says of a row without fields."""
    if fields is None:
        return dict(stated) if any(stated.values()) else {}
    return {
        name: text
        for name, text in stated.items()
        if text != fields.get(load.headers[name], "")
    }


def read_sheet(settings: Settings, company: Company, file: Path) -> Sheet:
    """Read a sheet that came back, and tell what it changes; nothing is written.

    Args:
        settings: Where the company's data lies.
        company: Whose contract names the columns.
        file: The sheet.

    Raises:
        WrongUseError: It is no sheet, or names rows or columns that there are not.
    """
    stated = _stated(file)
    held = {(row.load_id, row.row_number): row for row in refused(settings, company)}
    if unknown := [key for key in stated if key not in held or not key[1]]:
        what = f"row {unknown[0][1]} of load {unknown[0][0]} is not in quarantine"
        raise _wrong_sheet(what, file.name)
    rows = [held[key] for key in stated]
    _one_table(rows)
    splitter = Splitter(settings, company)
    found = splitter.rows(rows)
    copies, counted = [], Counter[str]()
    for row in rows:
        key = row.load_id, row.row_number
        load, (_, fields) = splitter.load(row.load_id), found[key]
        refuse_unknown(load, list(stated[key]))
        if changes := _changes(load, fields, stated[key]):
            copies.append(Copy(row, changed_fields(load, fields, changes)))
            counted.update(list(changes))
    return Sheet(splitter, tuple(copies), dict(counted), len(rows) - len(copies))


def mend_sheet(sheet: Sheet, *, word: Word) -> Copied:
    """Write the mended rows of a sheet, which the next night receives.

    Raises:
        WrongUseError: The sheet mends nothing, or a row has had its last word.
    """
    if not sheet.copies:
        raise WrongUseError(
            "the sheet mends no row",
            where=f"{sheet.untouched} rows are as they were exported",
            mend="Correct the values in their columns, then save it.",
        )
    return deliver(sheet.splitter, sheet.copies, "mended", word)
