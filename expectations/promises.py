"""Turns the data tests that the marts' yml declare into checks of the gate.

The yml is the one place where keys, references and ranges are written. A test of a kind
that is not known here is reported, so that no promise is dropped unseen.
"""

from collections.abc import Callable

from expectations import versions
from expectations.declared import Promise, said
from expectations.narrowing import News, is_joined, narrowed
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
    query = _occurrences(known, column, checked=promise.checked(_ALL, column))
    return f"{promise.column} occurs once.", query


def _unique_together(promise: Promise) -> tuple[str, str]:
    columns = list(promise.arguments["columns"])
    by = ", ".join(quoted(column) for column in columns)
    query = _occurrences(promise.rows, by, checked=promise.checked(_ALL))
    return f"{', '.join(columns)} together occur once.", query


_ALL = "sum(occurrences)"


def _occurrences(rows: str, by: str, *, checked: str) -> str:
    return filled(
        """
        select
            $checked as rows_checked,
            sum(occurrences) filter (where occurrences > 1) as rows_failed
        from (select count(*) as occurrences from $rows group by $by) as keyed
        """,
        checked=checked,
        rows=rows,
        by=by,
    )


def _relationships(promise: Promise) -> tuple[str, str]:
    parent = promise.referred("to")
    query = filled(
        """
        with child as (
            select $column as key, count(*) as occurrences
            from $rows
            group by key
        )

        select
            $checked as rows_checked,
            sum(occurrences) filter (where members is null) as rows_failed
            $changed
        from child
        left join (
            select $field as key, count(*) as members
            from $parent
            where $field in (select key from child)
            group by key
        ) as parent using (key)
        where key is not null
        """,
        checked=promise.checked(_ALL, promise.quoted_column),
        changed=_CHANGED if is_joined(promise) else "",
        column=promise.quoted_column,
        rows=promise.rows,
        field=quoted(str(promise.arguments["field"])),
        parent=parent,
    )
    return f"{promise.column} is found in {said(parent)}.", query


_CHANGED = ", sum(occurrences * abs(coalesce(members, 0) - 1)) as rows_changed"


def _joined(promise: Promise, reference: Check) -> list[Check]:
    """Make the check that a fact joined to its dimension keeps its rows.

    It reads the counts of the reference's own query, so it costs nothing.
    """
    if promise.kind != "relationships" or not is_joined(promise):
        return []
    return [
        counted(
            f"join_keeps_rows_{promise.column}",
            f"Joined by {promise.column} to {said(promise.referred('to'))}, "
            "no row is added or lost.",
            reference.query,
            brief=reference.brief,
            rule=RULES["join_keeps_rows"],
            column=promise.column,
            measure="rows_changed",
        )
    ]


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
    "versions_do_not_overlap": versions.do_not_overlap,
    "versions_are_contiguous": versions.are_contiguous,
    "versions_are_contiguous_when_known": versions.are_contiguous_when_known,
    "adds_up_to": _adds_up_to,
    "has_as_many_rows_as": _has_as_many_rows_as,
}
"""Tests that need a query of their own: what they say, and the query of counts."""

KNOWN = frozenset(BY_ROW) | frozenset(BY_QUERY)


def checks_of(promises: list[Promise], news: News | None = None) -> list[Check]:
    """Make the checks of the promises of one table.

    Promises on single rows share one scan, per `where`.

    Args:
        promises: What is declared of it.
        news: What happened since they were kept, if anything is known.
    """
    scans: dict[tuple[str, str | None], list[RowPromise]] = {}
    checks = []
    for promise in promises:
        brief = narrowed(promise, news) if news else None
        if promise.kind in BY_ROW:
            asked = promise.rows, brief.rows if brief else None
            scans.setdefault(asked, []).append(_of_each_row(promise))
        else:
            check = _asked(promise, brief)
            checks.extend([check, *_joined(promise, check)])
    scanned_checks = [
        check
        for (rows, among), group in scans.items()
        for check in scanned(rows, group, among=among)
    ]
    return scanned_checks + checks


def _of_each_row(promise: Promise) -> RowPromise:
    says, fails = BY_ROW[promise.kind](promise)
    return RowPromise(
        name=promise.name,
        says=says,
        rule=promise.rule,
        fails=fails,
        column=promise.column,
    )


def _asked(promise: Promise, brief: Promise | None) -> Check:
    ask = BY_QUERY[promise.kind]
    says, query = ask(promise)
    return counted(
        promise.name,
        says,
        query,
        brief=ask(brief)[1] if brief else None,
        rule=promise.rule,
        column=promise.column,
    )
