"""Which tables have not come when they should have, by the rhythm they used to keep.

No contract states a rhythm: the ledger knows it. A table is late when it has stayed
away longer than ever between two of its last deliveries.
"""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
from pydantic import BaseModel

from warehouse.contract_files import STEWARD

if TYPE_CHECKING:
    from warehouse.company import Company

_LATE = """
with delivered as (
    select distinct source_name, table_name, business_date
    from copy.ledger.load
    where status <> 'refused' and not starts_with(delivered_name, '_mended/')
),

gaps as (
    select
        source_name,
        table_name,
        business_date,
        business_date - lag(business_date) over (
            partition by source_name, table_name order by business_date
        ) as gap,
        row_number() over (
            partition by source_name, table_name order by business_date desc
        ) as age
    from delivered
)

select
    source_name,
    table_name,
    max(business_date) as last_date,
    max(gap) as longest_gap,
    $expected - max(business_date) as days_away
from gaps
where age <= $remembered
group by source_name, table_name
having
    count(gap) >= $least and days_away >= longest_gap
    and concat(source_name, '.', table_name) in (select unnest($known))
order by days_away - longest_gap desc, source_name, table_name
"""

_FRESHNESS = """
select concat(source_name, '.', table_name) as name, max(business_date) as last_date
from copy.ledger.load
where
    status <> 'refused'
    and concat(source_name, '.', table_name) in (select unnest($known))
group by all
order by last_date, name
"""

REMEMBERED = 20
"""How many of its last deliveries say what rhythm a table keeps."""
LEAST_GAPS = 3
"""With fewer gaps between its deliveries a table has shown no rhythm."""


class Late(BaseModel):
    """A table that should have come."""

    source_name: str
    table_name: str
    last_date: date
    """The last business date that it was delivered for."""
    longest_gap: int
    """The longest pause, in days, between its last deliveries."""
    days_away: int
    """Days since then, up to the last date that has ended."""


def last_ended_date(company: "Company", now: datetime, known: date | None) -> date:
    """Return the last business date that has ended and whose night is due.

    Made-up data does not march with the clock: there it is the last date known.

    Args:
        company: Its time zone, and when its night starts.
        now: The moment, naive UTC.
        known: The last business date of the ledger.
    """
    if company.is_sample and known is not None:
        return known
    there = now.replace(tzinfo=UTC).astimezone(company.zone)
    hour, minute = map(int, company.night_at.split(":"))
    is_due = (there.hour, there.minute) >= (hour, minute)
    return there.date() - timedelta(days=1 if is_due else 2)


def find_late(
    connection: duckdb.DuckDBPyConnection, company: "Company", *, expected: date
) -> list[Late]:
    """List the tables that are late, the latest first.

    Args:
        connection: A session with the copy of the ledger attached as `copy`.
        company: Whose contracts say which tables still exist.
        expected: The last business date that should have come.
    """
    rows = connection.execute(
        _LATE,
        {
            "expected": expected,
            "remembered": REMEMBERED,
            "least": LEAST_GAPS,
            "known": _known(company),
        },
    ).fetchall()
    return [
        Late(
            source_name=row[0],
            table_name=row[1],
            last_date=row[2],
            longest_gap=row[3],
            days_away=row[4],
        )
        for row in rows
    ]


def find_freshness(
    connection: duckdb.DuckDBPyConnection, company: "Company"
) -> list[tuple[str, date]]:
    """List each table that ever came with its last business date, the oldest first.

    Args:
        connection: A session with the copy of the ledger attached as `copy`.
        company: Whose contracts say which tables still exist.
    """
    return connection.execute(_FRESHNESS, {"known": _known(company)}).fetchall()


def _known(company: "Company") -> list[str]:
    return [
        f"{source.name}.{table.name}"
        for source in company.sources
        for table in source.tables
        if source.name != STEWARD
    ]
