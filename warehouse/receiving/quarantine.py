"""Quarantine and held deliveries, as the commands of an operator need them.

Nothing here writes a database: mending a row and accepting a delivery write small
files into the landing folder, which the next night receives like any delivery. A mended
row is recognised in the ledger by its name, which begins with `_mended/`.
"""

import csv
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from warehouse.company import Company
from warehouse.contracts import SourceContract, TableContract
from warehouse.database import attach, session
from warehouse.errors import WrongUseError
from warehouse.receiving.model import ACCEPTED_FOLDER, MENDED_FOLDER
from warehouse.receiving.readers.csv import plain_csv, read_header, split_fields
from warehouse.receiving.reasons import HELD_FOR_A_PERSON, MENDS, Refusal
from warehouse.receiving.text import to_utf8
from warehouse.receiving.unpack import unpack
from warehouse.settings import Settings


@dataclass(frozen=True)
class QuarantinedRow:
    """One refused row, and what became of it.

    Args:
        row_number: Its ordinal in the delivery.
        line_number: The line where it starts, where lines exist.
        status: `waiting` for a person, `mended` when a mended copy was received, or
            `refused` when the mended copy was quarantined in its turn.
    """

    load_id: int
    business_date: date
    source_name: str
    table_name: str
    delivered_name: str
    row_number: int
    line_number: int | None
    column_name: str | None
    reason_code: str
    reason: str
    raw_bytes: bytes
    status: str

    @property
    def mend(self) -> str:
        """Return what to do about it."""
        return MENDS[self.reason_code]


@dataclass(frozen=True)
class _Delivered:
    """The load that a quarantined row came in."""

    source: SourceContract
    table: TableContract
    business_date: date
    delivered_name: str
    sha256: str
    reason_code: str | None


_QUARANTINED = """
with replay as (
    select
        delivered_name,
        bool_or(status <> 'refused' and rows_quarantined = 0) as is_in
    from ledger_copy.ledger.load
    where starts_with(delivered_name, '_mended/')
    group by delivered_name
)
select
    refused.load_id, delivery.business_date, refused.source_name, refused.table_name,
    refused.delivered_name, refused.row_number, refused.line_number,
    refused.column_name, refused.reason_code, refused.reason, refused.raw_bytes,
    case
        when replay.is_in then 'mended' when replay.is_in is null then 'waiting'
        else 'refused'
    end
from ledger_copy.quarantine.row as refused
inner join ledger_copy.ledger.load as delivery using (load_id)
left join replay
    on replay.delivered_name = concat(
        '_mended/', refused.source_name, '.', refused.table_name, '/load-',
        refused.load_id, '-row-', refused.row_number, '.csv'
    )
order by refused.load_id, refused.row_number
"""


def quarantined(settings: Settings) -> list[QuarantinedRow]:
    """Return the rows in quarantine, from the copy of the ledger.

    Args:
        settings: Where the company's data lies.
    """
    if not settings.places.ledger_copy.is_file():
        return []
    with session(settings) as connection:
        attach(connection, settings.places.ledger_copy, alias="ledger_copy")
        rows = connection.execute(_QUARANTINED).fetchall()
    return [QuarantinedRow(*row) for row in rows]


def _no_such(what: str) -> WrongUseError:
    return WrongUseError(
        f"there is no {what}",
        where="quarantine",
        mend="`clientele quarantine` lists what there is.",
    )


def _delivered(settings: Settings, company: Company, load_id: int) -> _Delivered:
    if not settings.places.ledger_copy.is_file():
        raise _no_such(f"load {load_id}")
    with session(settings) as connection:
        attach(connection, settings.places.ledger_copy, alias="ledger_copy")
        found = connection.execute(
            "select source_name, table_name, business_date, delivered_name, sha256, "
            "reason_code from ledger_copy.ledger.load where load_id = ?",
            [load_id],
        ).fetchone()
    if found is None:
        raise _no_such(f"load {load_id}")
    for source in company.sources:
        for table in source.tables:
            if (source.name, table.name) == found[:2]:
                return _Delivered(source, table, *found[2:])
    raise _no_such(f"contract of {found[0]}.{found[1]} any more")


def _is_plain(delivered: _Delivered) -> bool:
    is_mended = delivered.delivered_name.startswith(f"{MENDED_FOLDER}/")
    return is_mended or delivered.table.is_database


def _header(settings: Settings, delivered: _Delivered) -> list[str]:
    """Return the column names of the delivery that was kept."""
    kept = settings.places.deliveries / delivered.sha256
    table = delivered.table
    with tempfile.TemporaryDirectory(dir=settings.places.temporary) as scratch:
        if _is_plain(delivered):
            return read_header(kept, plain_csv(table))[0]
        plain = unpack(kept, table, Path(scratch) / "plain")
        utf8 = to_utf8(plain, table.encoding, Path(scratch) / "utf8")
        return read_header(utf8, table)[0]


def _split(
    settings: Settings, delivered: _Delivered, raw: bytes
) -> dict[str, str] | None:
    """Return a row's fields by their delivered names; none when it cannot be split."""
    table = delivered.table
    if table.format != "csv" and not _is_plain(delivered):
        try:
            fields = json.loads(raw)
        except ValueError:
            return None
        if not isinstance(fields, dict):
            return None
        headers = {column.name: column.delivered_as for column in table.columns}
        return {
            headers.get(str(name), str(name)): value
            if isinstance(value, str)
            else ("" if value is None else json.dumps(value))
            for name, value in fields.items()
        }
    header = _header(settings, delivered)
    plain = plain_csv(table) if _is_plain(delivered) else table
    try:
        fields = split_fields(raw.decode(plain.encoding).rstrip("\r\n"), plain)
    except (csv.Error, UnicodeDecodeError):
        return None
    if len(fields) != len(header):
        return None
    return dict(zip(header, fields, strict=True))


def _mended_fields(
    delivered: _Delivered, fields: Mapping[str, str] | None, changes: Mapping[str, str]
) -> dict[str, str]:
    headers = {column.name: column.delivered_as for column in delivered.table.columns}
    if unknown := sorted(set(changes) - set(headers)):
        raise WrongUseError(
            f"there are no columns {unknown}",
            where=f"{delivered.source.name}.{delivered.table.name}",
            mend=f"The columns are: {', '.join(headers)}.",
        )
    if fields is None and (missing := sorted(set(headers) - set(changes))):
        raise WrongUseError(
            "the row cannot be split into its columns",
            where=f"{delivered.source.name}.{delivered.table.name}",
            mend=f"State every column; still missing: {', '.join(missing)}.",
        )
    changed = {headers[name]: value for name, value in changes.items()}
    return {**(fields or {}), **changed}


def _write_row(path: Path, fields: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    incoming = path.with_suffix(".incoming")
    with incoming.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(fields)
        writer.writerow(fields.values())
    incoming.replace(path)


def mend(
    settings: Settings,
    company: Company,
    load_id: int,
    row: int,
    changes: Mapping[str, str],
) -> Path:
    """Write a mended copy of a quarantined row, which the next night receives.

    Args:
        settings: Where the company's data lies.
        company: Whose contracts say how the row was written.
        load_id: The load that the row came in.
        row: Its ordinal.
        changes: New texts by the columns' names in raw.

    Raises:
        WrongUseError: There is no such row or column, or the row cannot be split.
    """
    delivered = _delivered(settings, company, load_id)
    chosen = [
        each
        for each in quarantined(settings)
        if (each.load_id, each.row_number) == (load_id, row)
    ]
    if not chosen:
        raise _no_such(f"row {row} of load {load_id} in quarantine")
    try:
        fields = _split(settings, delivered, chosen[0].raw_bytes)
    except Refusal:
        fields = None
    mended = _mended_fields(delivered, fields, changes)
    landing = company.landing_of(delivered.source.name, settings)
    folder = landing / delivered.business_date.isoformat()
    name = f"{delivered.source.name}.{delivered.table.name}"
    path = folder / MENDED_FOLDER / name / f"load-{load_id}-row-{row}.csv"
    _write_row(path, mended)
    return path


def replay(settings: Settings, company: Company, load_id: int, row: int) -> Path:
    """Deliver a quarantined row again as it was, after its contract was corrected.

    Raises:
        WrongUseError: There is no such row, or it cannot be split.
    """
    return mend(settings, company, load_id, row, {})


def accept(settings: Settings, company: Company, load_id: int) -> Path:
    """Decide that a delivery held for its volume may come in the next night.

    Args:
        settings: Where the company's data lies.
        company: Whose delivery it is.
        load_id: The refused load.

    Raises:
        WrongUseError: There is no such load, or it was refused for another reason.
    """
    delivered = _delivered(settings, company, load_id)
    if delivered.reason_code not in HELD_FOR_A_PERSON:
        raise WrongUseError(
            f"load {load_id} is not held for its volume",
            where=f"{delivered.source.name}.{delivered.table.name}",
            mend="Only a delivery of an unexpected volume can be accepted.",
        )
    landing = company.landing_of(delivered.source.name, settings)
    folder = landing / delivered.business_date.isoformat()
    decision = folder / ACCEPTED_FOLDER / delivered.sha256
    decision.parent.mkdir(parents=True, exist_ok=True)
    decision.touch()
    file = folder / delivered.delivered_name
    if not (delivered.table.is_database or file.exists()):
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(settings.places.deliveries / delivered.sha256, file)
    return decision
