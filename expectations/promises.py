"""Turns the data tests that the marts' yml declare into checks of the gate.

The yml is the one place where keys, references and ranges are written. A test of a kind
that is not known here is reported, so that no promise is dropped unseen.
"""

from collections.abc import Callable

from expectations.declared import Promise, said
from expectations.severities import RULES
from expectations.sql import filled, quoted, texts
from expectations.suites import Check, RowPromise, counted, scanned

PromiseOf = Callable[[Promise], tuple[str, str]]


def _not_null(promise: Promise) -> tuple[str, str]:
    return f"{promise.column} is never null.", f"{promise.quoted_column} is null"


def _has_no_nulls_in(promise: Promise) -> tuple[str, str]:
    columns = [quoted(str(column)) for column in promise.arguments["columns"]]
    return (
        f"{', '.join(promise.arguments['columns'])} are never null.",
        " or ".join(f"{column} is null" for column in columns),
    )


def _accepted_values(promise: Promise) -> tuple[str, str]:
    values = [str(value) for value in promise.arguments["values"]]
    return (
        f"{promise.column} is one of: {', '.join(values)}.",
        f"cast({promise.quoted_column} as varchar) not in {texts(values)}",
    )


def _holds_for_every_row(promise: Promise) -> tuple[str, str]:
    condition = promise.arguments["condition"]
    return f"Of every row: {condition}.", f"not coalesce({condition}, false)"


def _unique(promise: Promise) -> tuple[str, str]:
    column = promise.quoted_column
    known = filled(
        "(select $column from $rows) as rows where $column is not null",
        column=column,
        rows=promise.rows,
    )
    query = _occurrences(known, column)
    return f"{promise.column} occurs once.", query


def _unique_together(promise: Promise) -> tuple[str, str]:
    columns = list(promise.arguments["columns"])
    by = ", ".join(quoted(column) for column in columns)
    return f"{', '.join(columns)} together occur once.", _occurrences(promise.rows, by)


def _occurrences(rows: str, by: str) -> str:
    return filled(
        """
        select
            sum(occurrences) as rows_checked,
            sum(occurrences) filter (where occurrences > 1) as rows_failed
        from (select count(*) as occurrences from $rows group by $by) as keyed
        """,
        rows=rows,
        by=by,
    )


def _relationships(promise: Promise) -> tuple[str, str]:
    field = quoted(str(promise.arguments["field"]))
    parent = promise.referred("to")
    query = filled(
        """
        select
            sum(occurrences) as rows_checked,
            sum(occurrences) filter (where members is null) as rows_failed,
            sum(occurrences * abs(coalesce(members, 0) - 1)) as rows_changed
        from (
            select $column as key, count(*) as occurrences
            from $rows
            group by key
        ) as child
        left join (
            select $field as key, count(*) as members from $parent group by key
        ) as parent using (key)
        where key is not null
        """,
        column=promise.quoted_column,
        rows=promise.rows,
        field=field,
        parent=parent,
    )
    return f"{promise.column} is found in {said(parent)}.", query


def _joined(promise: Promise) -> list[Check]:
    """Make the check that a fact joined to its dimension keeps its rows.

    It reads the counts of the reference's own query, so it costs nothing.
    """
    is_fact = promise.model["name"].startswith("fct_")
    if promise.where or not is_fact or not str(promise.column).endswith("_key"):
        return []
    return [
        counted(
            f"join_keeps_rows_{promise.column}",
            f"Joined by {promise.column} to {said(promise.referred('to'))}, "
            "no row is added or lost.",
            _relationships(promise)[1],
            rule=RULES["join_keeps_rows"],
            column=promise.column,
            measure="rows_changed",
        )
    ]


_LEAVES_A_MOMENT_OUT = """
    valid_from >= valid_to
    or valid_to is distinct from coalesce(next_valid_from, timestamp '9999-12-31')
    or (is_first and valid_from is distinct from timestamp '1900-01-01')
"""


def _versions_do_not_overlap(promise: Promise) -> tuple[str, str]:
    query = _versions(
        promise.rows,
        str(promise.arguments["entity"]),
        fails="valid_from >= valid_to or valid_to > next_valid_from",
    )
    return f"Versions of one {promise.arguments['entity']} do not overlap.", query


def _versions_are_contiguous(promise: Promise) -> tuple[str, str]:
    entity = str(promise.arguments["entity"])
    query = _versions(promise.rows, entity, fails=_LEAVES_A_MOMENT_OUT)
    return f"Versions of one {entity} leave no moment out.", query


def _versions_are_contiguous_when_known(promise: Promise) -> tuple[str, str]:
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
    query = _versions(known, f"{entity}, known_at", fails=_LEAVES_A_MOMENT_OUT)
    return says, query


def _versions(rows: str, entity: str, *, fails: str) -> str:
    return filled(
        """
        select count(*) as rows_checked, count(*) filter (where $fails) as rows_failed
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
        rows=rows,
        entity=entity,
    )


def _adds_up_to(promise: Promise) -> tuple[str, str]:
    expression = promise.arguments["expression"]
    other = promise.arguments["other_expression"]
    query = filled(
        """
        select
            1 as rows_checked,
            cast(total <> other_total as integer) as rows_failed,
            total || ' against ' || other_total as observed
        from (
            select coalesce(sum($expression), 0) as total from $rows
        ) as summed
        cross join (
            select coalesce(sum($other), 0) as other_total
            from $other_table
        ) as summed_other
        """,
        expression=expression,
        rows=promise.rows,
        other=other,
        other_table=promise.referred("other"),
    )
    says = f"{expression} adds up to {other} of {said(promise.referred('other'))}."
    return says, query


def _has_as_many_rows_as(promise: Promise) -> tuple[str, str]:
    other = promise.referred("other")
    query = filled(
        """
        select
            other_count as rows_checked,
            abs(row_count - other_count) as rows_failed,
            row_count || ' against ' || other_count as observed
        from (select count(*) as row_count from $rows) as counted
        cross join (select count(*) as other_count from $other) as counted_other
        """,
        rows=promise.rows,
        other=other,
    )
    return f"There are as many rows as in {said(other)}.", query


BY_ROW: dict[str, PromiseOf] = {
    "not_null": _not_null,
    "has_no_nulls_in": _has_no_nulls_in,
    "accepted_values": _accepted_values,
    "holds_for_every_row": _holds_for_every_row,
}
"""Tests that each row keeps or breaks by itself: what they say, and the condition."""

BY_QUERY: dict[str, PromiseOf] = {
    "unique": _unique,
    "unique_together": _unique_together,
    "relationships": _relationships,
    "versions_do_not_overlap": _versions_do_not_overlap,
    "versions_are_contiguous": _versions_are_contiguous,
    "versions_are_contiguous_when_known": _versions_are_contiguous_when_known,
    "adds_up_to": _adds_up_to,
    "has_as_many_rows_as": _has_as_many_rows_as,
}
"""Tests that need a query of their own: what they say, and the query of counts."""

KNOWN = frozenset(BY_ROW) | frozenset(BY_QUERY)


def checks_of(promises: list[Promise]) -> list[Check]:
    """Make the checks of the promises of one table.

    Promises on single rows share one scan, per `where`.
    """
    scans: dict[str, list[RowPromise]] = {}
    checks = []
    for promise in promises:
        if promise.kind in BY_ROW:
            says, fails = BY_ROW[promise.kind](promise)
            scans.setdefault(promise.rows, []).append(
                RowPromise(
                    name=promise.name,
                    says=says,
                    rule=promise.rule,
                    fails=fails,
                    column=promise.column,
                )
            )
        else:
            says, query = BY_QUERY[promise.kind](promise)
            checks.append(
                counted(
                    promise.name,
                    says,
                    query,
                    rule=promise.rule,
                    column=promise.column,
                )
            )
            if promise.kind == "relationships":
                checks.extend(_joined(promise))
    scanned_checks = [
        check for rows, group in scans.items() for check in scanned(rows, group)
    ]
    return scanned_checks + checks
