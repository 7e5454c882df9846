"""Turns the data tests that the marts' yml declare into checks of the gate.

The yml is the one place where keys, references and ranges are written. A test of a kind
that is not known here is reported, so that no promise is dropped unseen.
"""

# ruff: noqa: S608 - names come from the allow-list of `expectations.sql`, and from
# contracts and yml of this project; no value of a row enters a query.

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from expectations.results import Severity
from expectations.severities import RULES, Rule
from expectations.sql import quoted, relation, texts
from expectations.suites import Check, RowPromise, counted, scanned

Node = Mapping[str, Any]
PromiseOf = Callable[["Promise"], tuple[str, str]]

_REFERENCE = re.compile(r"""ref\(\s*['"](\w+)['"]\s*\)""")
_SOURCE = re.compile(r"""source\(\s*['"](\w+)['"]\s*,\s*['"](\w+)['"]\s*\)""")
_BUDGET = re.compile(r"^>=?\s*(\d+)$")


@dataclass(frozen=True)
class Promise:
    """One data test of the manifest, with what its check needs to know.

    `test` is its node, attached to a model; what it refers to is in `manifest`.
    """

    test: Node
    manifest: Node

    @property
    def name(self) -> str:
        """Return the test's name, unique in the project."""
        return str(self.test["name"])

    @property
    def kind(self) -> str:
        """Return which generic test it is."""
        return str(self.test["test_metadata"]["name"])

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Return what the yml says to the generic test."""
        return dict(self.test["test_metadata"]["kwargs"])

    @property
    def column(self) -> str | None:
        """Return the column that it is declared on, if one."""
        return self.arguments.get("column_name")

    @property
    def model(self) -> Node:
        """Return the node of the table that it is declared on."""
        return dict(self.manifest["nodes"][self.test["attached_node"]])

    @property
    def rule(self) -> Rule:
        """Return severity and budget: what the yml says goes before our own."""
        return _rule(self.kind, self.test["config"])

    @property
    def table(self) -> str:
        """Return the quoted name of the table that the test is declared on."""
        return _relation(self.model)

    @property
    def rows(self) -> str:
        """Return what stands behind `from`: the table and the test's `where`."""
        where = self.where
        return f"{self.table} where {where}" if where else self.table

    @property
    def where(self) -> str | None:
        """Return the condition that the yml limits the test to."""
        return self.test["config"].get("where")

    @property
    def quoted_column(self) -> str:
        """Return the quoted column that the test is declared on."""
        return quoted(str(self.column))

    def referred(self, argument: str) -> str:
        """Return the quoted name of the table that an argument refers to.

        Raises:
            ValueError: The argument is no reference to a node of the manifest.
        """
        said = str(self.arguments[argument])
        named = _REFERENCE.search(said)
        sourced = _SOURCE.search(said)
        for node in self.manifest["nodes"].values():
            is_table = node["resource_type"] in ("model", "seed")
            if named and is_table and node["name"] == named[1]:
                return _relation(node)
        for node in self.manifest["sources"].values():
            if sourced and (node["source_name"], node["name"]) == sourced.groups():
                return relation(node["schema"], node["identifier"], database="archive")
        raise ValueError(f"{self.name}: {said} is neither a model nor a source")


def _relation(node: Node) -> str:
    return relation(node["schema"], node.get("alias") or node["name"])


def _rule(kind: str, config: Node) -> Rule:
    own = RULES[kind]
    is_warning = str(config.get("severity", "error")).lower().startswith("warn")
    stated = str(config.get("warn_if" if is_warning else "error_if") or "")
    budget = _BUDGET.match(stated)
    return Rule(
        severity=Severity.WARNING if is_warning else own.severity,
        reason=own.reason,
        budget_rows=int(budget[1]) if budget else own.budget_rows,
        budget_pct=own.budget_pct,
    )


def _not_null(promise: Promise) -> tuple[str, str]:
    return f"{promise.column} is never null.", f"{promise.quoted_column} is null"


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
    query = _occurrences(
        f"(select {column} from {promise.rows}) as rows where {column} is not null",
        column,
    )
    return f"{promise.column} occurs once.", query


def _unique_together(promise: Promise) -> tuple[str, str]:
    columns = list(promise.arguments["columns"])
    by = ", ".join(quoted(column) for column in columns)
    return f"{', '.join(columns)} together occur once.", _occurrences(promise.rows, by)


def _occurrences(rows: str, by: str) -> str:
    return f"""
        select
            sum(occurrences) as rows_checked,
            sum(occurrences) filter (where occurrences > 1) as rows_failed
        from (select count(*) as occurrences from {rows} group by {by}) as keyed
    """


def _relationships(promise: Promise) -> tuple[str, str]:
    field = quoted(str(promise.arguments["field"]))
    parent = promise.referred("to")
    query = f"""
        select
            sum(occurrences) as rows_checked,
            sum(occurrences) filter (where members is null) as rows_failed,
            sum(occurrences * abs(coalesce(members, 0) - 1)) as rows_changed
        from (
            select {promise.quoted_column} as key, count(*) as occurrences
            from {promise.rows}
            group by key
        ) as child
        left join (
            select {field} as key, count(*) as members from {parent} group by key
        ) as parent using (key)
        where key is not null
    """
    return f"{promise.column} is found in {parent} as {field}.", query


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
            f"Joined by {promise.column} to {promise.referred('to')}, "
            "no row is added or lost.",
            _relationships(promise)[1],
            rule=RULES["join_keeps_rows"],
            column=promise.column,
            measure="rows_changed",
        )
    ]


def _versions_do_not_overlap(promise: Promise) -> tuple[str, str]:
    query = _versions(promise, "valid_from >= valid_to or valid_to > next_valid_from")
    return f"Versions of one {promise.arguments['entity']} do not overlap.", query


def _versions_are_contiguous(promise: Promise) -> tuple[str, str]:
    query = _versions(
        promise,
        """
        valid_from >= valid_to
        or valid_to is distinct from
            coalesce(next_valid_from, timestamp '9999-12-31')
        or (is_first and valid_from is distinct from timestamp '1900-01-01')
        """,
    )
    return (
        f"Versions of one {promise.arguments['entity']} leave no moment out.",
        query,
    )


def _versions(promise: Promise, fails: str) -> str:
    return f"""
        select count(*) as rows_checked, count(*) filter (where {fails}) as rows_failed
        from (
            select
                valid_from,
                valid_to,
                lead(valid_from) over versions as next_valid_from,
                row_number() over versions = 1 as is_first
            from {promise.rows}
            window versions as (
                partition by {promise.arguments["entity"]}
                order by valid_from nulls first
            )
        ) as ordered
    """


def _adds_up_to(promise: Promise) -> tuple[str, str]:
    expression = promise.arguments["expression"]
    other = promise.arguments["other_expression"]
    query = f"""
        select
            1 as rows_checked,
            cast(total <> other_total as integer) as rows_failed,
            total || ' against ' || other_total as observed
        from (
            select coalesce(sum({expression}), 0) as total from {promise.rows}
        ) as summed
        cross join (
            select coalesce(sum({other}), 0) as other_total
            from {promise.referred("other")}
        ) as summed_other
    """
    return f"{expression} adds up to {other} of {promise.referred('other')}.", query


def _has_as_many_rows_as(promise: Promise) -> tuple[str, str]:
    other = promise.referred("other")
    query = f"""
        select
            other_count as rows_checked,
            abs(row_count - other_count) as rows_failed,
            row_count || ' against ' || other_count as observed
        from (select count(*) as row_count from {promise.rows}) as counted
        cross join (select count(*) as other_count from {other}) as counted_other
    """
    return f"There are as many rows as in {other}.", query


BY_ROW: dict[str, PromiseOf] = {
    "not_null": _not_null,
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
