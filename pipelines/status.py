"""What an operator asks in the morning, read from the release and the ledger's copy."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from pipelines.night import unclaimed_files
from pipelines.oddities import find_oddities
from warehouse.company import Company
from warehouse.database import attach, session
from warehouse.locking import running_night
from warehouse.publication import current_release, run_sql
from warehouse.receiving import open_refusals, waiting
from warehouse.settings import Settings
from warehouse.stewardship.restating import Restatement, restate

NIGHTS = """
select
    batch_id,
    max(business_date) as business_date,
    count(*) as deliveries,
    count_if(status = 'refused') as refused,
    sum(rows_delivered) as rows_delivered,
    sum(rows_loaded) as rows_loaded,
    sum(rows_quarantined) as rows_quarantined,
    sum(rows_repeated) as rows_repeated,
    sum(rows_deleted) as rows_deleted,
    max(finished_at) as finished_at
from copy.ledger.load
group by batch_id
order by batch_id desc
limit 10
"""

CHECKS = """
select severity, outcome, table_name, check_name, message
from quality.fct_check_result
where
    outcome <> 'passed'
    and (stage, checked_at) in (
        select stage, max(checked_at) from quality.fct_check_result group by stage
    )
order by severity, table_name, check_name
"""

Rows = list[tuple[Any, ...]]


class Status(BaseModel):
    """The state of one company's warehouse."""

    company: str
    release: str | None
    published_at: datetime | None
    business_date: date | None
    running: int | None
    waiting: int
    unclaimed: list[str]
    nights: Rows
    refused: Rows
    oddities: Rows
    customers: Restatement | None
    checks: Rows

    def headline(self) -> str:
        """Say in a line what is published and what waits."""
        if self.release is None:
            state = "nothing is published yet"
        else:
            state = f"{self.release} is published, up to {self.business_date}"
        said = f"{self.company}: {state}; {self.waiting} deliveries wait."
        if self.running is None:
            return said
        return f"{said} A night is running, as process {self.running}."

    def tables(self) -> Iterator[tuple[str, Sequence[str], Rows]]:
        """List what there is to show: title, columns, rows."""
        nights = (
            *("night", "date", "deliveries", "refused", "delivered", "loaded"),
            *("quarantined", "repeated", "deleted", "finished_at"),
        )
        yield "The last nights", nights, self.nights
        refused = ("load", "date", "delivery", "reason_code", "reason", "mend")
        title = "Refused deliveries: nothing is published till they are mended"
        yield title, refused, self.refused
        unclaimed = [(name,) for name in self.unclaimed]
        yield "Files that no contract claims", ("delivery",), unclaimed
        oddities = ("source", "table", "business_date", "warning")
        yield "Warnings: nothing is held back for them", oddities, self.oddities
        if self.customers:
            title = "Customers since the release before, adding up"
            yield title, ("what", "customers"), list(self.customers.rows())
        checks = ("severity", "outcome", "table", "check", "message")
        yield "Checks that did not pass in the published version", checks, self.checks


def read_status(settings: Settings, company: Company) -> Status:
    """Read the state of the company's warehouse; nothing is locked or changed."""
    release = current_release(settings)
    nights, oddities = _read_ledger(settings)
    return Status(
        company=company.name,
        release=release.release if release else None,
        published_at=release.made_at if release else None,
        business_date=max(release.business_dates, default=None) if release else None,
        running=running_night(settings),
        waiting=len(waiting(settings, company)),
        unclaimed=unclaimed_files(settings, company),
        nights=nights,
        refused=[
            (
                *(load.load_id, load.business_date, load.delivered_name),
                *(load.reason_code, load.reason, load.mend),
            )
            for load in open_refusals(settings, company)
        ],
        oddities=oddities,
        customers=restate(settings),
        checks=_read_checks(settings) if release else [],
    )


def _read_ledger(settings: Settings) -> tuple[Rows, Rows]:
    copy = settings.places.ledger_copy
    if not copy.is_file():
        return [], []
    with session(settings) as connection:
        attach(connection, copy, alias="copy")
        nights = connection.execute(NIGHTS).fetchall()
        oddities = find_oddities(connection)
    return nights, oddities


def _read_checks(settings: Settings) -> Rows:
    _, rows = run_sql(settings, CHECKS, timeout_seconds=30, limit=50)
    return rows
