"""Suites as data: what a check asks of which rows, before Great Expectations runs it.

Most checks are a query of one row: how many rows were looked at, how many fail. Checks
on single rows of one table share one query, so that a table is scanned once for all of
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from expectations.severities import RULES, Rule
from expectations.sql import filled

COUNTED = "ExpectFewRowsToFail"
"""The expectation of `expectations.custom` that reads counts from a query."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One promise about the data.

    `expectation` names a class of Great Expectations or of `expectations.custom`,
    `arguments` are what it is made with.
    """

    name: str
    says: str
    rule: Rule
    table: str | None = None
    """The table that it is about, where that is not the suite's."""
    expectation: str = COUNTED
    arguments: dict[str, Any] = field(default_factory=dict)
    column: str | None = None
    brief: str | None = None
    """A query that counts the same, if nothing failed when that of all was asked last.

    It looks only at what happened since.
    """

    @property
    def query(self) -> str:
        """Return what is asked, where it counts."""
        return str(self.arguments["query"])


@dataclass(frozen=True, kw_only=True)
class Suite:
    """The checks of one table, run as one batch.

    `rows` is what stands behind `from`: the rows that the batch consists of.
    """

    name: str
    table: str
    rows: str
    checks: Sequence[Check]


@dataclass(frozen=True, kw_only=True)
class RowPromise:
    """A promise that each row keeps or breaks alone; `fails` is an SQL condition."""

    name: str
    says: str
    rule: Rule
    fails: str
    column: str | None = None


def counted(
    name: str,
    says: str,
    query: str,
    *,
    rule: Rule | None = None,
    column: str | None = None,
    table: str | None = None,
    measure: str = "rows_failed",
    brief: str | None = None,
) -> Check:
    """Make a check of a query that yields one row of counts.

    Args:
        name: The check's name, unique in its suite.
        says: The promise, as a sentence.
        query: Yields `rows_checked`, the measure, and if it likes `observed`.
        rule: Severity, budget and mend; that of the same name when not given.
        column: The column that it is about, if one.
        table: The table that it is about, where that is not the suite's.
        measure: The column of the query that counts the rows that fail.
        brief: Counts the same, where nothing failed before.
    """
    rule = rule or RULES[name]
    return Check(
        name=name,
        says=says,
        rule=rule,
        column=column,
        table=table,
        brief=brief,
        arguments={
            "query": query,
            "measure": measure,
            "budget_pct": rule.budget_pct,
            "budget_rows": rule.budget_rows,
        },
    )


def scanned(
    rows: str, promises: Sequence[RowPromise], *, among: str | None = None
) -> list[Check]:
    """Make the checks of promises on single rows, all from one scan of the rows.

    Args:
        rows: What stands behind `from`: a table, and a `where` if it likes.
        promises: What each row must keep.
        among: The rows of them that need be asked, where all kept it before.
    """
    measures = [f"failed_{number}" for number in range(len(promises))]
    counts = [
        f"count(*) filter (where {promise.fails}) as {measure}"
        for promise, measure in zip(promises, measures, strict=True)
    ]
    asks = "select $checked as rows_checked, $counts from $rows"
    asked = partial(filled, asks, counts=", ".join(counts))
    checked = filled("(select count(*) from $rows)", rows=rows)
    return [
        counted(
            promise.name,
            promise.says,
            asked(checked="count(*)", rows=rows),
            brief=asked(checked=checked, rows=among) if among else None,
            rule=promise.rule,
            column=promise.column,
            measure=measure,
        )
        for promise, measure in zip(promises, measures, strict=True)
    ]
