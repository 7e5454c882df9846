"""The last nights as an operator sees them: the journal's runs with the ledger's rows.

A delivery that no run of the journal received, as on a house from before the journal,
makes a night of its own whose end nobody told.
"""

from collections.abc import Sequence
from datetime import date, datetime

import duckdb
from pydantic import BaseModel

from warehouse.operations import NightEntry, Trouble

SHOWN = 5
_BATCHES = """
select
    min(load_id) as first_load,
    max(business_date) as business_date,
    max(finished_at) as finished_at,
    count(*) as deliveries,
    count_if(status = 'refused') as refused,
    coalesce(sum(rows_delivered), 0)::bigint as rows_delivered,
    coalesce(sum(rows_loaded), 0)::bigint as rows_loaded,
    coalesce(sum(rows_quarantined), 0)::bigint as rows_quarantined,
    coalesce(sum(rows_repeated), 0)::bigint as rows_repeated,
    coalesce(sum(rows_deleted), 0)::bigint as rows_deleted
from copy.ledger.load
group by batch_id, len(list_filter($begun::bigint[], lambda each: each < load_id))
order by first_load desc
limit $limit
"""
_COVERED = """
select max(business_date) from copy.ledger.load
where load_id <= ? and status <> 'refused'
"""
_LOOKED_BACK = 400
_COUNTS = (
    *("deliveries", "refused", "rows_delivered", "rows_loaded"),
    *("rows_quarantined", "rows_repeated", "rows_deleted"),
)


class Night(BaseModel):
    """One run: its dates, how it went, and what came in it."""

    business_dates: list[date]
    ended_at: datetime | None
    seconds: float | None
    result: str
    """published, done, held, failed, running, died; `received` where nobody told."""
    release: str | None = None
    trouble: Trouble | None = None
    deliveries: int = 0
    refused: int = 0
    rows_delivered: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_repeated: int = 0
    rows_deleted: int = 0


class _Batch(BaseModel):
    first_load: int
    business_date: date
    finished_at: datetime
    deliveries: int
    refused: int
    rows_delivered: int
    rows_loaded: int
    rows_quarantined: int
    rows_repeated: int
    rows_deleted: int


def last_nights(
    connection: duckdb.DuckDBPyConnection | None,
    journal: Sequence[NightEntry],
    *,
    is_running: bool,
) -> list[Night]:
    """List the last nights, the latest first.

    Args:
        connection: A session with the copy of the ledger attached as `copy`, if there
            is one.
        journal: The runs, oldest first.
        is_running: Whether somebody holds the lock of the one writer.
    """
    batches = _batches(connection, journal) if connection else []
    last = journal[-1].run_id if journal else None
    told = []
    for entry in reversed(journal):
        own = [batch for batch in batches if _is_of(batch, entry)]
        batches = [batch for batch in batches if batch not in own]
        running = is_running and entry.run_id == last
        told.append(_told(entry, own, is_running=running))
    return [*told, *map(_untold, batches)][:SHOWN]


def covered_date(
    connection: duckdb.DuckDBPyConnection, last_load_id: int
) -> date | None:
    """Return the last date that a release covers, given the last load it rests on.

    Args:
        connection: A session with the copy of the ledger attached as `copy`.
        last_load_id: The load; 0 when there is none.
    """
    [found] = connection.execute(_COVERED, [last_load_id]).fetchone() or [None]
    return found


def _is_of(batch: "_Batch", entry: NightEntry) -> bool:
    if entry.load_before is None:
        return False
    is_before_end = entry.load_after is None or batch.first_load <= entry.load_after
    return batch.first_load > entry.load_before and is_before_end


def _batches(
    connection: duckdb.DuckDBPyConnection, journal: Sequence[NightEntry]
) -> list[_Batch]:
    """List what came, a batch that a later run went on with in two parts."""
    begun = [each.load_before for each in journal if each.load_before is not None]
    result = connection.execute(_BATCHES, {"limit": _LOOKED_BACK, "begun": begun})
    names = [column[0] for column in result.description or []]
    rows = result.fetchall()
    return [_Batch(**dict(zip(names, row, strict=True))) for row in rows]


def _told(entry: NightEntry, batches: Sequence[_Batch], *, is_running: bool) -> Night:
    silent = "running" if is_running else "died"
    dates = {*entry.business_dates, *(batch.business_date for batch in batches)}
    counts = {name: sum(getattr(batch, name) for batch in batches) for name in _COUNTS}
    return Night(
        business_dates=sorted(dates),
        ended_at=entry.ended_at,
        seconds=entry.took.total_seconds() if entry.took else None,
        result=entry.result or silent,
        release=entry.release,
        trouble=entry.trouble,
        **counts,
    )


def _untold(batch: _Batch) -> Night:
    return Night(
        business_dates=[batch.business_date],
        ended_at=batch.finished_at,
        seconds=None,
        result="received",
        **{name: getattr(batch, name) for name in _COUNTS},
    )
