"""Which deliveries wait, told by names, sizes and times alone; nothing is read."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from math import inf
from pathlib import Path
from typing import Any

import duckdb

from warehouse.company import Company
from warehouse.contract_files import STEWARD
from warehouse.contracts import SourceContract, TableContract
from warehouse.receiving.keeping import moment_of
from warehouse.receiving.ledger_copy import read_copy
from warehouse.receiving.model import (
    ACCEPTED_FOLDER,
    MENDED_FOLDER,
    STEWARD_PLACE,
    Delivery,
)
from warehouse.receiving.reasons import HELD_FOR_A_PERSON
from warehouse.receiving.words import given_up_deliveries
from warehouse.settings import Settings

_Table = tuple[SourceContract, TableContract]
_Seen = tuple[str, str, date, str, int, datetime | None]


@dataclass(frozen=True)
class Received:
    """What the ledger says was received: files as they looked, databases by date.

    `unread` are the dates for which a database could not be read.
    """

    files: frozenset[_Seen]
    databases: frozenset[tuple[str, str, date]]
    unread: frozenset[date]


_LEDGER = """
select
    load.source_name, load.table_name, load.business_date, load.delivered_name,
    load.byte_count, load.modified_at,
    if(refused.state = 'given_up', 'given_up', load.status) as status,
    load.reason_code, load.contract_version, load.sha256,
    load.load_id, refused.delivery
from ledger.load as load
left join ledger.refused as refused
    on load.load_id = refused.load_id and refused.row_number = 0
order by load.load_id
"""


def _read_ledger(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> list[tuple[Any, ...]]:
    """Return what was received; what is given up counts so before its word came in.

    Else the night that receives the word would read a database again, whose next
    refusal no word is about.
    """
    rows = connection.execute(_LEDGER).fetchall()
    received = {f"{row[2].isoformat()}/{row[3]}" for row in rows if row[0] == STEWARD}
    ended = given_up_deliveries(settings, received)
    return [
        (*row[:6], "given_up", *row[7:10])
        if row[6] == "refused" and not ended.isdisjoint([row[10:], (row[10], None)])
        else row[:10]
        for row in rows
    ]


def read_received(
    connection: duckdb.DuckDBPyConnection, settings: Settings, company: Company
) -> Received:
    """Read from the ledger in use what need not be received again.

    A refused delivery waits again when its contract has changed since, or when a person
    has accepted it; never when one has given it up.
    """
    rows = _read_ledger(connection, settings)
    versions = {
        (source.name, table.name): table.version
        for source in company.sources
        for table in source.tables
    }
    loaded = {
        (row[0], row[1], row[9]): index
        for index, row in enumerate(rows)
        if row[6] not in ("refused", "given_up")
    }
    databases = {(row[0], row[1], row[2]) for row in rows if row[6] != "refused"}
    files, unread = set(), set()
    for index, row in enumerate(rows):
        source_name, table_name, on, _, _, _, status, code, version, sha256 = row
        is_settled = loaded.get((source_name, table_name, sha256), -1) > index
        landing = company.landing_of(source_name, settings)
        decision = landing / on.isoformat() / ACCEPTED_FOLDER / sha256
        if status == "refused" and not is_settled:
            if version != versions.get((source_name, table_name)):
                continue
            if code in HELD_FOR_A_PERSON and decision.is_file():
                continue
        files.add((source_name, table_name, on, *row[3:6]))
        is_file = row[5] is not None
        if not is_file and (source_name, table_name, on) not in databases:
            unread.add(on)
    return Received(frozenset(files), frozenset(databases), frozenset(unread))


def _received(settings: Settings, company: Company) -> Received:
    with read_copy(settings) as connection:
        if connection is None:
            return Received(frozenset(), frozenset(), frozenset())
        return read_received(connection, settings, company)


def date_folders(landing: Path) -> dict[date, Path]:
    """Return the folders of deliveries by business date, in order."""
    found = {}
    for folder in sorted(landing.iterdir()) if landing.is_dir() else []:
        try:
            on = date.fromisoformat(folder.name)
        except ValueError:
            continue
        if folder.is_dir():
            found[on] = folder
    return found


@dataclass(frozen=True)
class _Landing:
    """One folder of deliveries, and the tables that are delivered there."""

    folder: Path
    tables: list[_Table]

    def dates(self, only: date | None) -> Iterator[tuple[date, Path]]:
        for on, folder in date_folders(self.folder).items():
            if only in (None, on):
                yield on, folder


def _landings(settings: Settings, company: Company) -> list[_Landing]:
    tables: dict[Path, list[_Table]] = {}
    for source, table in _tables(company):
        landing = company.landing_of(source.name, settings)
        tables.setdefault(landing, []).append((source, table))
    return [_Landing(folder, those) for folder, those in sorted(tables.items())]


def _tables(company: Company) -> Iterator[_Table]:
    for source in sorted(company.sources, key=lambda source: source.name):
        for table in sorted(source.tables, key=lambda table: table.name):
            yield source, table


def _files(folder: Path, source: SourceContract, table: TableContract) -> list[Path]:
    found = [] if table.is_database else folder.glob(table.place)
    own = [
        path
        for path in found
        if path.relative_to(folder).parts[0] not in (MENDED_FOLDER, ACCEPTED_FOLDER)
    ]
    mended = (folder / MENDED_FOLDER / f"{source.name}.{table.name}").glob("*.csv")
    return sorted(path for path in [*own, *mended] if path.is_file())


def _plain_name(path: Path) -> str:
    """Return a name as text that can be stored, whatever bytes it is made of."""
    return path.as_posix().encode("utf-8", "backslashreplace").decode()


def _file_deliveries(
    landing: _Landing, on: date, folder: Path, *, settled_before: float
) -> Iterator[Delivery]:
    for source, table in landing.tables:
        for path in _files(folder, source, table):
            with suppress(FileNotFoundError):  # taken away since it was listed
                stat = path.stat()
                name = _plain_name(path.relative_to(folder))
                is_settled = name.startswith((MENDED_FOLDER, STEWARD_PLACE))
                if is_settled or stat.st_mtime < settled_before:
                    yield Delivery(
                        source, table, on, name, path, stat.st_size, moment_of(stat)
                    )


def _look(each: Delivery) -> _Seen:
    """Return how a file looks, by which it is told from those that were received."""
    return (
        each.source.name,
        each.table.name,
        each.business_date,
        each.name,
        each.byte_count or 0,
        each.modified_at,
    )


def find_waiting(
    settings: Settings,
    company: Company,
    received: Received,
    *,
    business_date: date | None = None,
) -> list[Delivery]:
    """Return the deliveries that wait, given what the ledger says was received."""
    patience = -inf if company.is_sample else settings.settle_seconds
    found = [
        each
        for landing in _landings(settings, company)
        for on, folder in landing.dates(business_date)
        for each in _file_deliveries(
            landing, on, folder, settled_before=time.time() - patience
        )
        if _look(each) not in received.files
    ]
    dates = {each.business_date for each in found}
    dates |= received.unread if business_date is None else {business_date}
    for on in dates:
        for source, table in _tables(company):
            is_read = (source.name, table.name, on) in received.databases
            if table.is_database and not is_read:
                found.append(Delivery(source, table, on, table.relation or table.name))
    return sorted(found, key=_turn)


def _turn(each: Delivery) -> tuple[date, str, str, bool, str]:
    """Order by date, source and table; a mended copy follows what it is made of."""
    names = each.source.name, each.table.name
    return each.business_date, *names, each.is_mended, each.name


def waiting(
    settings: Settings, company: Company, *, business_date: date | None = None
) -> list[Delivery]:
    """Return the deliveries that wait, by date, source, table and name.

    Files are told apart by name, size and time; a database waits for each date that has
    waiting files, or that is asked for, and that it was not read for. A file that was
    written a moment ago waits for the next look, as it may not be whole. What was
    received is read from the copy of the ledger, so a night at work is not disturbed.

    Args:
        settings: Where the company's data lies.
        company: Whose contracts say what to look for.
        business_date: Only this date; all dates when not given.
    """
    return find_waiting(
        settings, company, _received(settings, company), business_date=business_date
    )


def lying(settings: Settings, company: Company) -> list[Delivery]:
    """Return every file in the landing folders that a contract claims, received or not.

    A file that two tables claim is there twice.
    """
    return [
        each
        for landing in _landings(settings, company)
        for on, folder in landing.dates(None)
        for each in _file_deliveries(landing, on, folder, settled_before=inf)
    ]


def unclaimed(
    settings: Settings, company: Company, *, business_date: date | None = None
) -> list[Path]:
    """Return the delivered files that no contract claims, in order."""
    databases = {
        table.place for _, table in _tables(company) if table.format == "sqlite"
    }
    found: list[Path] = []
    for landing in _landings(settings, company):
        for _, folder in landing.dates(business_date):
            claimed = {
                path
                for source, table in landing.tables
                for path in _files(folder, source, table)
            }
            found += [
                path
                for path in sorted(folder.rglob("*"))
                if path.is_file()
                and path not in claimed
                and path.relative_to(folder).parts[0] != ACCEPTED_FOLDER
                and path.relative_to(folder.parent).as_posix() not in databases
            ]
    return found
