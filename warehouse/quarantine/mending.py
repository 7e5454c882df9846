"""Copies of refused rows, mended or as they were, for the next night to receive."""

import csv
import hashlib
import io
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.company import Company
from warehouse.errors import WrongUseError
from warehouse.quarantine.deciding import (
    Decision,
    Word,
    refuse_what_is_ended,
    write_decisions,
)
from warehouse.quarantine.refused import MAY_STILL_COME, Refused, one
from warehouse.quarantine.splitting import Delivered, Splitter
from warehouse.receiving.model import MENDED_FOLDER
from warehouse.settings import Settings
from warehouse.stewardship.delivering import put


@dataclass(frozen=True)
class Copy:
    """A refused row as it is to be delivered again.

    Args:
        fields: Its texts by their delivered names.
    """

    row: Refused
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Copied:
    """What waits for the next night.

    Args:
        files: The files that hold the copies.
        decisions: The file that says who decided so.
        rows: How many rows were copied.
        unreadable: Rows left out, as they cannot be split into their columns.
    """

    files: tuple[Path, ...]
    decisions: Path
    rows: int
    unreadable: int = 0


def _text(copies: Sequence[Copy]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(copies[0].fields)
    writer.writerows(copy.fields.values() for copy in copies)
    return text.getvalue()


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    incoming = file.with_suffix(".incoming")
    descriptor = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as written:
        written.write(text)
    put(incoming, file)


def deliver(
    splitter: Splitter, copies: Sequence[Copy], verdict: str, word: Word
) -> Copied:
    """Write copies for the next night, one file per table, date and header.

    The word comes first: a copy without one would come in and its row wait on.

    Raises:
        WrongUseError: A row has had its last word.
    """
    refuse_what_is_ended([copy.row for copy in copies], states=MAY_STILL_COME)
    groups: dict[tuple[str, ...], list[Copy]] = defaultdict(list)
    for copy in copies:
        load = splitter.load(copy.row.load_id)
        day = load.business_date.isoformat()
        groups[(load.name, day, *copy.fields)].append(copy)
    files: dict[Path, str] = {}
    decisions: list[Decision] = []
    for (name, day, *_), group in groups.items():
        load = splitter.load(group[0].row.load_id)
        text = _text(group)
        told = f"{text}{[(copy.row.load_id, copy.row.row_number) for copy in group]}"
        number = hashlib.sha256(told.encode()).hexdigest()[:16]
        file = f"{MENDED_FOLDER}/{name}/{word.at:%Y%m%dT%H%M%S}-{number}.csv"
        landing = splitter.company.landing_of(load.source.name, splitter.settings)
        files[landing / day / file] = text
        decisions += [
            Decision(row.load_id, row.row_number, row.delivery, verdict, file, ordinal)
            for ordinal, row in enumerate((copy.row for copy in group), start=1)
        ]
    decided = write_decisions(splitter.settings, decisions, word)
    for path, text in files.items():
        _write_private(path, text)
    return Copied(tuple(files), decided, len(copies))


def refuse_unknown(load: Delivered, names: Sequence[str]) -> None:
    """Raise a WrongUseError when a table has no columns of these names."""
    if unknown := sorted(set(names) - set(load.headers)):
        raise WrongUseError(
            f"there are no columns {unknown}",
            where=load.name,
            mend=f"The columns are: {', '.join(load.headers)}.",
        )


def changed_fields(
    load: Delivered, fields: Mapping[str, str] | None, changes: Mapping[str, str]
) -> dict[str, str]:
    """Return a row's fields with some changed.

    Args:
        load: What it came in.
        fields: Its fields by their delivered names; none when it cannot be split.
        changes: New texts by the columns' names in raw.

    Raises:
        WrongUseError: There is no such column; or the row cannot be split, and not
            every column is stated.
    """
    refuse_unknown(load, list(changes))
    if fields is None and (missing := sorted(set(load.headers) - set(changes))):
        raise WrongUseError(
            "the row cannot be split into its columns",
            where=load.name,
            mend=f"State every column; still missing: {', '.join(missing)}.",
        )
    changed = {load.headers[name]: value for name, value in changes.items()}
    return {**(fields or {}), **changed}


def mend(
    settings: Settings,
    company: Company,
    load_id: int,
    row: int,
    changes: Mapping[str, str],
    *,
    word: Word,
) -> Copied:
    """Write a mended copy of a quarantined row, which the next night receives.

    Args:
        settings: Where the company's data lies.
        company: Whose contracts say how the row was written.
        load_id: The load that the row came in.
        row: Its ordinal.
        changes: New texts by the columns' names in raw.
        word: Who decides so, and why.

    Raises:
        WrongUseError: There is no such row or column, the row cannot be split, or it
            was mended before.
    """
    if row < 1:
        raise WrongUseError(
            "a whole delivery is not mended here",
            where=f"load {load_id}",
            mend="Deliver it again as it should be, accept it if it is held for its "
            "volume, or give it up.",
        )
    splitter = Splitter(settings, company)
    found = one(settings, company, load_id, row)
    [(_, fields)] = splitter.rows([found]).values()
    copy = Copy(found, changed_fields(splitter.load(load_id), fields, changes))
    verdict = "mended" if changes else "replayed"
    return deliver(splitter, [copy], verdict, word)


def replay(
    settings: Settings, company: Company, rows: Sequence[Refused], *, word: Word
) -> Copied:
    """Deliver quarantined rows again as they were, after a contract was corrected.

    Args:
        settings: Where the company's data lies.
        company: Whose contracts say how the rows were written.
        rows: The rows; those that cannot be split into columns are left out.
        word: Who decides so, and why.

    Raises:
        WrongUseError: None of them can be split, or one has had its last word.
    """
    splitter = Splitter(settings, company)
    chosen = [row for row in rows if row.row_number]
    found = splitter.rows(chosen)
    copies = [
        Copy(row, fields)
        for row in chosen
        if (fields := found[row.load_id, row.row_number][1]) is not None
    ]
    if not copies:
        raise WrongUseError(
            "no row is chosen that can be delivered again as it was",
            where="quarantine",
            mend="Mend the rows, stating every column, or give them up.",
        )
    copied = deliver(splitter, copies, "replayed", word)
    return Copied(copied.files, copied.decisions, copied.rows, len(rows) - len(copies))
