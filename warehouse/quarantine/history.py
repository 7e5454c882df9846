"""What was done about refused rows: every word, who said it, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from warehouse.receiving.ledger_copy import read_copy
from warehouse.settings import Settings


@dataclass(frozen=True)
class Event:
    """One word about a refused row, or with row 0 about a refused delivery.

    Args:
        decided_at: When, naive UTC.
        verdict: `mended`, `replayed`, `given_up` or `accepted`.
        copy_name: The delivery that held the copy; none where there is none.
        load_id: The load as it is numbered now.
        became: What became of the copy, or that the word counts for nothing.
    """

    decided_at: datetime
    load_id: int
    row_number: int
    verdict: str
    decided_by: str
    why: str | None
    copy_name: str | None
    became: str | None


_EVENTS = """
with decision as (
    select
        *,
        try_cast(load_number as bigint) as load_id,
        try_cast(row_number as bigint) as row_id
    from raw_steward.quarantine_decisions
    where not _is_deleted
),

renumbered as (
    select delivery, row_number, min(load_id) as load_id
    from ledger.refused
    where delivery in (select delivery from decision)
    group by delivery, row_number
    having count(*) = 1
),

event as (
    select
        decision.* exclude (load_id),
        coalesce(meant.load_id, renumbered.load_id) as meant_id,
        coalesce(meant_id, decision.load_id) as load_id
    from decision
    left join ledger.refused as meant
        on decision.load_id = meant.load_id
        and decision.row_id = meant.row_number
        and coalesce(nullif(decision.delivery, ''), meant.delivery) = meant.delivery
    left join renumbered
        on decision.delivery = renumbered.delivery
        and decision.row_id = renumbered.row_number
)

select
    try_cast(event.decided_at as timestamp) as moment,
    event.load_id,
    event.row_id,
    event.verdict,
    event.decided_by,
    nullif(event.reason, '') as why,
    nullif(event.copy_name, '') as copy_name,
    case
        when event.meant_id is null then 'nothing: it names another delivery'
        when event.copy_name = '' then null
        when copy.load_id is null then 'not received'
        when again.load_id is not null
            then 'quarantined again as row ' || again.row_number || ' of load '
            || copy.load_id
        else copy.status || ' by load ' || copy.load_id
    end as became
from event
left join ledger.load as copy
    on event.copy_name <> '' and event.copy_name = copy.delivered_name
left join quarantine.row as again
    on copy.load_id = again.load_id
    and again.row_number = try_cast(event.copy_row as bigint)
where
    ($load_id is null or event.load_id = $load_id)
    and ($row_number is null or event.row_id = $row_number)
order by moment, event._load_id, event._row, copy.load_id
"""
"""A word whose number stands for another delivery is about the one that it names, as in
`warehouse.ledger_refused`."""


def history(
    settings: Settings, load_id: int | None = None, row: int | None = None
) -> list[Event]:
    """Return what was done, in the order in which it was decided.

    Args:
        settings: Where the company's data lies.
        load_id: Only about this load; about all when not given.
        row: Only about this row of it; 0 for the delivery as a whole.
    """
    with read_copy(settings) as connection:
        if connection is None:
            return []
        rows = connection.execute(
            _EVENTS, {"load_id": load_id, "row_number": row}
        ).fetchall()
    return [Event(*each) for each in rows]
