"""The queries of what versions of one entity promise of one another."""

from expectations.declared import Promise
from expectations.sql import filled

_LEAVES_A_MOMENT_OUT = """
    valid_from >= valid_to
    or valid_to is distinct from coalesce(next_valid_from, timestamp '9999-12-31')
    or (is_first and valid_from is distinct from timestamp '1900-01-01')
"""


def do_not_overlap(promise: Promise) -> tuple[str, str]:
    """Return what it says, and the query of counts."""
    query = _versions(
        promise.rows,
        str(promise.arguments["entity"]),
        fails="valid_from >= valid_to or valid_to > next_valid_from",
        checked=promise.checked("count(*)"),
    )
    return f"Versions of one {promise.arguments['entity']} do not overlap.", query


def are_contiguous(promise: Promise) -> tuple[str, str]:
    """Return what it says, and the query of counts."""
    entity = str(promise.arguments["entity"])
    query = _versions(
        promise.rows,
        entity,
        fails=_LEAVES_A_MOMENT_OUT,
        checked=promise.checked("count(*)"),
    )
    return f"Versions of one {entity} leave no moment out.", query


def are_contiguous_when_known(promise: Promise) -> tuple[str, str]:
    """Return what it says, and the query of counts."""
    entity = str(promise.arguments["entity"])
    known = filled(
        """
        (
            select $entity, epochs.known_at, valid_from, valid_to
            from (select distinct $entity, known_from as known_at from $rows) as epochs
            inner join (select * from $rows) as versions using ($entity)
            where epochs.known_at >= known_from and epochs.known_at < known_to
        ) as known
        """,
        entity=entity,
        rows=promise.rows,
    )
    says = f"Versions of one {entity}, as known at any time, leave no moment out."
    query = _versions(
        known,
        f"{entity}, known_at",
        fails=_LEAVES_A_MOMENT_OUT,
        checked=promise.row_count,
    )
    return says, query


def _versions(rows: str, entity: str, *, fails: str, checked: str) -> str:
    return filled(
        """
        select $checked as rows_checked, count(*) filter (where $fails) as rows_failed
        from (
            select
                valid_from,
                valid_to,
                lead(valid_from) over versions as next_valid_from,
                row_number() over versions = 1 as is_first
            from $rows
            window versions as (
                partition by $entity
                order by valid_from nulls first
            )
        ) as ordered
        """,
        fails=fails,
        checked=checked,
        rows=rows,
        entity=entity,
    )
