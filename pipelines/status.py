"""What an operator asks in the morning, read from the release and the ledger's copy.

Nothing is locked or changed, and no part that cannot be read hides the others: it is
told as a trouble of its own. How it looks on a screen is in `pipelines.screen`.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import duckdb
from pydantic import BaseModel

from pipelines.nights import Night, covered_date, last_nights
from pipelines.oddities import find_oddities, unclaimed_files
from warehouse.backup.manifest import LastBackup, last_backup
from warehouse.clock import Clock, SystemClock
from warehouse.company import Company
from warehouse.database import attach, session
from warehouse.errors import ClienteleError
from warehouse.locking import running_night
from warehouse.notifying.channels import stated_webhook
from warehouse.notifying.configuration import Notify
from warehouse.notifying.telling import Told, read_told
from warehouse.operations import (
    DiskUse,
    FailedCheck,
    Late,
    NightEntry,
    Trouble,
    find_late,
    measure_disk,
    read_journal,
)
from warehouse.operations.lateness import find_freshness, last_ended_date
from warehouse.publication import current_release, open_release
from warehouse.publication.release import release_folders, release_number
from warehouse.receiving import open_refusals, waiting
from warehouse.settings import Settings
from warehouse.stewardship.restating import Restatement, restate
from warehouse.stewardship.reviewing import count_open

CHECKS = """
select severity, outcome, table_name, check_name, message, {next_step} as next_step
from quality.fct_check_result
where
    outcome <> 'passed'
    and (stage, checked_at) in (
        select stage, max(checked_at) from quality.fct_check_result group by stage
    )
order by
    severity = 'information', severity = 'warning', table_name, check_name,
    column_name nulls first
"""
GRADES = """
select
    subject_type, subject_name, grade, score, score_change, next_step_en
from quality.agg_grade
where measured_on = (select max(measured_on) from quality.agg_grade)
order by subject_type <> 'whole', score, subject_type, subject_name
"""
QUARANTINED = """
select reason_code, count(*)
from copy.ledger.refused
where state = 'waiting' and row_number > 0
group by reason_code
order by count(*) desc, reason_code
"""
TOLD_SHOWN = 20
LAST_DATE = "select max(business_date) from copy.ledger.load"

Rows = list[tuple[Any, ...]]
T = TypeVar("T")


class Grade(BaseModel):
    """How good a source, a table or the whole is, in the last graded night."""

    subject_type: str
    subject_name: str
    grade: str
    score: float
    score_change: float | None
    next_step: str | None


class Status(BaseModel):
    """The state of one company's warehouse."""

    company: str
    is_sample: bool = False
    """Whether its data is made up, and may be made again."""
    now: datetime
    """When it was asked, naive UTC."""
    release: str | None = None
    published_at: datetime | None = None
    last_load_id: int = 0
    """The last load that the published version rests on."""
    business_date: date | None = None
    """The last date that the published version covers."""
    newer: list[str] = []
    """Releases later than the current one: it was rolled back."""
    running: int | None = None
    """The process of the night that runs."""
    waiting: int = 0
    waiting_dates: list[date] = []
    unclaimed: list[str] = []
    nights: list[Night] = []
    refused: Rows = []
    quarantined: list[tuple[str, int]] = []
    """Rows that wait for a person, by reason."""
    reviews: list[tuple[str, int]] = []
    """Pairs of records that wait for a person, by reason."""
    freshness: list[tuple[str, date]] = []
    """Each table that ever came with its last business date, the oldest first."""
    late: list[Late] = []
    oddities: Rows = []
    customers: Restatement | None = None
    checks: Rows = []
    """Checks that did not pass in the published version."""
    failed_checks: list[FailedCheck] = []
    """Checks of level error that did not pass in the last night."""
    grades: list[Grade] = []
    """The whole first, then sources and tables, the worst first."""
    disk: DiskUse | None = None
    backup: LastBackup | None = None
    backup_after_hours: int = Notify().backup_after_hours
    """How old the last backup may be."""
    told: list[Told] = []
    """What operators were told last, or could not be, the latest first."""
    troubles: list[Trouble] = []
    """What could not be read for this status."""


class _Reader:
    """Reads part after part; a part that fails is told and leaves the others alone."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.troubles: list[Trouble] = []

    def read(self, what: str, ask: Callable[[], T]) -> T | None:
        """Ask for one part; tell when it cannot be had, and return nothing."""
        try:
            return ask()
        except (duckdb.CatalogException, duckdb.BinderException):
            return None  # made by another version, which had no such table
        except ClienteleError as error:
            told = Trouble(what=error.what, where=error.where, mend=error.mend)
        except (duckdb.Error, OSError) as error:
            told = Trouble(
                what=f"{what} cannot be read: {type(error).__name__}",
                where=str(self.settings.places.root),
                mend="Look for damage with `clientele verify`.",
            )
        if told not in self.troubles:
            self.troubles.append(told)
        return None


def read_status(
    settings: Settings, company: Company, *, clock: Clock | None = None
) -> Status:
    """Read the state of the company's warehouse; nothing is locked or changed.

    Args:
        settings: Where the company's data lies.
        company: Whose warehouse it is.
        clock: Tells the present; the machine's own when not given.
    """
    now = (clock or SystemClock()).now()
    reader = _Reader(settings)
    running = running_night(settings)
    journal = reader.read("the journal", lambda: read_journal(settings)) or []
    come = reader.read("what waits", lambda: waiting(settings, company)) or []
    published = _published(settings, reader)
    received = reader.read(
        "the copy of the ledger",
        lambda: _received(settings, company, journal, now, running, published),
    )
    parts = {**published, **(received or {})}
    told = reader.read("what was told", lambda: read_told(settings))
    reader.read("the webhook", lambda: stated_webhook(settings, company.notify))
    return Status(
        company=company.name,
        is_sample=company.is_sample,
        now=now,
        running=running,
        waiting=len(come),
        waiting_dates=sorted({each.business_date for each in come}),
        unclaimed=unclaimed_files(settings, company),
        refused=reader.read("refused deliveries", lambda: _refused(settings, company))
        or [],
        failed_checks=_failed(journal),
        disk=reader.read("the disk", lambda: measure_disk(settings, journal)),
        backup=last_backup(settings),
        backup_after_hours=(company.notify or Notify()).backup_after_hours,
        told=(told or [])[: -TOLD_SHOWN - 1 : -1],
        troubles=reader.troubles,
        **parts,
    )


def _published(settings: Settings, reader: _Reader) -> dict[str, Any]:
    release = reader.read("the release", lambda: current_release(settings))
    if release is None:
        return {}
    return {
        "release": release.release,
        "published_at": release.made_at,
        "last_load_id": release.last_load_id,
        "business_date": max(release.business_dates, default=None),
        "newer": [
            folder.name
            for folder in release_folders(settings)
            if release_number(folder.name) > release.number
        ],
        "customers": reader.read("the release", lambda: restate(settings)),
        "checks": reader.read("the release", lambda: _checks(settings)) or [],
        "grades": reader.read("the release", lambda: _grades(settings)) or [],
        "reviews": reader.read("the release", lambda: count_open(settings)) or [],
    }


def _received(
    settings: Settings,
    company: Company,
    journal: Sequence[NightEntry],
    now: datetime,
    running: int | None,
    published: dict[str, Any],
) -> dict[str, Any]:
    """Read what the copy of the ledger knows, or what is known without one."""
    is_running = running is not None
    copy = settings.places.ledger_copy
    if not copy.is_file():
        return {"nights": last_nights(None, journal, is_running=is_running)}
    with session(settings) as connection:
        attach(connection, copy, alias="copy")
        [known] = connection.execute(LAST_DATE).fetchone() or [None]
        expected = last_ended_date(company, now, known)
        return {
            "business_date": covered_date(connection, published.get("last_load_id", 0))
            or published.get("business_date"),
            "nights": last_nights(connection, journal, is_running=is_running),
            "oddities": find_oddities(connection),
            "quarantined": _quarantined(connection),
            "freshness": find_freshness(connection, company),
            "late": find_late(connection, company, expected=expected),
        }


def _quarantined(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """Count the rows that wait; a copy of an earlier version does not know them."""
    try:
        return connection.execute(QUARANTINED).fetchall()
    except duckdb.CatalogException:
        return []


def _refused(settings: Settings, company: Company) -> Rows:
    return [
        (
            *(load.load_id, load.business_date, load.delivered_name),
            *(load.reason_code, load.reason, load.mend),
        )
        for load in open_refusals(settings, company)
    ]


def _checks(settings: Settings) -> Rows:
    """Ask for the checks; a release of an earlier version knew no next step."""
    with open_release(settings) as connection:
        try:
            found = connection.execute(CHECKS.format(next_step="next_step"))
        except duckdb.BinderException:
            found = connection.execute(CHECKS.format(next_step="null"))
        return found.fetchall()


def _grades(settings: Settings) -> list[Grade]:
    with open_release(settings) as connection:
        found = connection.execute(GRADES).fetchall()
    names = list(Grade.model_fields)
    return [Grade(**dict(zip(names, row, strict=True))) for row in found]


def _failed(journal: Sequence[NightEntry]) -> list[FailedCheck]:
    """List the errors of the last run that checked anything."""
    checked = [each for each in journal if each.ended_at]
    return [each for each in checked[-1].checks if each.is_error] if checked else []
