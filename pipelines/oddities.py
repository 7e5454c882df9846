"""What is odd in ledger and landing and yet no error: gaps, names that came again.

Nothing is held back for it; a person reads it in the morning.
"""

import duckdb

from warehouse.company import Company
from warehouse.receiving import unclaimed
from warehouse.settings import Settings

MISSED_DATES = """
with company_dates as (
    select business_date, row_number() over (order by business_date) as ordinal
    from copy.ledger.load
    group by business_date
),

delivered as (
    select distinct source_name, table_name, business_date, ordinal
    from copy.ledger.load
    inner join company_dates using (business_date)
    where status <> 'refused'
),

gaps as (
    select
        source_name,
        table_name,
        business_date,
        lead(ordinal, 1, (select max(ordinal) + 1 from company_dates)) over (
            partition by source_name, table_name order by ordinal
        ) - ordinal as gap
    from delivered
),

daily as (
    select source_name, table_name
    from gaps
    group by source_name, table_name
    having count(*) >= 3 and median(gap) = 1
)

select
    source_name,
    table_name,
    business_date,
    concat('later dates that brought others and not this table: ', gap - 1) as said
from gaps
inner join daily using (source_name, table_name)
where gap > 1
order by business_date desc, source_name, table_name
limit 10
"""

MISSED_DAYS = """
with company_dates as (
    select
        business_date,
        lead(business_date) over (order by business_date) - business_date as gap
    from copy.ledger.load
    group by business_date
)

select
    null as source_name,
    null as table_name,
    business_date,
    concat('nothing came for the ', gap - 1, ' days after this one') as said
from company_dates
where gap > 1 and (select median(gap) from company_dates) = 1
order by business_date desc
limit 10
"""

OTHER_BYTES = """
select
    source_name,
    table_name,
    business_date,
    concat(delivered_name, ' came again with other bytes: a new version') as said
from copy.ledger.load
where status <> 'refused' and modified_at is not null
group by source_name, table_name, business_date, delivered_name
having count(distinct sha256) > 1
order by business_date desc, source_name, table_name, delivered_name
limit 10
"""


def find_oddities(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """List source, table, business date, and what is odd about it.

    Args:
        connection: A session with the copy of the ledger attached as `copy`.
    """
    found: list[tuple[object, ...]] = []
    for query in (MISSED_DATES, MISSED_DAYS, OTHER_BYTES):
        found += connection.execute(query).fetchall()
    return found


def unclaimed_files(settings: Settings, company: Company) -> list[str]:
    """Name the delivered files that no contract claims, by date and name."""
    landings = (company.landing_folder(settings), settings.places.landing)
    return [
        next(
            file.relative_to(landing).as_posix()
            for landing in landings
            if file.is_relative_to(landing)
        )
        for file in unclaimed(settings, company)
    ]
