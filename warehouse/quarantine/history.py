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
select
    try_cast(decision.decided_at as timestamp) as moment,
    try_cast(decision.load_number as bigint) as load_id,
    try_cast(decision.row_number as bigint) as row_number,
    decision.verdict,
    decision.decided_by,
    nullif(decision.reason, '') as why,
    nullif(decision.copy_name, '') as copy_name,
    case
        when meant.load_id is null then 'nothing: it names another delivery'
        when decision.copy_name = '' then null
        when copy.load_id is null then 'not received'
        when again.load_id is not null
            then 'quarantined again as row ' || again.row_number || ' of load '
            || copy.load_id
        else copy.status || ' by load ' || copy.load_id
    end as became
from raw_steward.quarantine_decisions as decision
left join ledger.refused as meant
    on meant.load_id = try_cast(decision.load_number as bigint)
    and meant.row_number = try_cast(decision.row_number as bigint)
    and meant.delivery = coalesce(nullif(decision.delivery, ''), meant.delivery)
left join ledger.load as copy
    on decision.copy_name <> '' and decision.copy_name = copy.delivered_name
left join quarantine.row as again
    on copy.load_id = again.load_id
    and again.row_number = try_cast(decision.copy_row as bigint)
where
    not decision._is_deleted
    and ($load_id is null or try_cast(decision.load_number as bigint) = $load_id)
    and ($row_number is null or try_cast(decision.row_number as bigint) = $row_number)
order by moment, decision._load_id, decision._row, copy.load_id
"""


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
