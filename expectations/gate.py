"""The checks at the gate: what is about to be published, held against its promises.

Suites come from the data tests that the marts' yml declare, one per table, and from
`expectations.totals`, where the whole is weighed against ledger, input and the release
before.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import duckdb

from expectations.counting import Memory
from expectations.declared import Promise
from expectations.engine import Options, reading, run_suites
from expectations.narrowing import PREVIOUS, News
from expectations.promises import KNOWN, checks_of
from expectations.results import CheckResult, OnResult, Outcome, Severity, Stage
from expectations.severities import BROKEN
from expectations.suites import Suite
from expectations.totals import fall_suite, totals_suite

SCHEMAS = (
    *("shared", "descriptive", "behavioural", "associative", "quality"),
    "aggregates",
)
FOUND = "checks"
"""The source of what checks found: a table made from it comes after the gate."""


class Known(Memory, Protocol):
    """What is known from the night before."""

    def news(self, connection: duckdb.DuckDBPyConnection) -> News:
        """Return what happened to the tables since they were counted.

        Args:
            connection: Reads the work database, and the release before as `PREVIOUS`.
        """


def run_gate(
    work: Path,
    archive: Path,
    manifest: Mapping[str, Any],
    *,
    previous_marts: Path | None,
    options: Options | None = None,
    on_result: OnResult | None = None,
    memory: Known | None = None,
) -> list[CheckResult]:
    """Check the marts and aggregates of the work database.

    Args:
        work: The work database; nobody in this process may have it open to write.
        archive: The archive, read for the ledger's totals.
        manifest: dbt's manifest.
        previous_marts: `marts.duckdb` of the release that is published now, if any.
        options: Settings of DuckDB, such as `temp_directory`.
        on_result: Called with each result as it comes.
        memory: What queries counted before, where that still holds.

    Returns:
        One result per check. A data test that the gate has no rule for comes as broken.
    """
    results = unknown_promises(manifest)
    for result in results:
        if on_result:
            on_result(result)
    guarded = guarded_tables(manifest)
    before = {PREVIOUS: previous_marts} if previous_marts else {}
    with reading(work, attached=before, options=options or {}) as connection:
        news = memory.news(connection) if memory else None
        suites = [*table_suites(manifest, news), totals_suite(guarded, news)]
        if before:
            suites.append(fall_suite(guarded, before=_tables(connection)))
    return results + run_suites(
        work,
        [suite for suite in suites if suite.checks],
        stage=Stage.GATE,
        attached={"archive": archive, **before},
        options=options,
        on_result=on_result,
        memory=memory,
    )


def guarded_tables(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the models that the gate guards, by name."""
    later = _after_the_gate(manifest)
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["schema"] in SCHEMAS
        and node["unique_id"] not in later
    }


def _after_the_gate(manifest: Mapping[str, Any]) -> set[str]:
    """Return what is made, directly or not, from what checks found."""
    later: set[str] = set()
    made_of = {FOUND}
    while made_of:
        later |= made_of
        made_of = {
            name
            for name, node in manifest["nodes"].items()
            if name not in later
            and any(
                parent in later
                or manifest["sources"].get(parent, {}).get("source_name") == FOUND
                for parent in node.get("depends_on", {}).get("nodes", ())
            )
        }
    return later


def _tests(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the generic data tests attached to what the gate guards."""
    guarded = {node["unique_id"] for node in guarded_tables(manifest).values()}
    tests = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("attached_node") in guarded
        and node.get("test_metadata")
        and node["config"].get("enabled", True)
    ]
    return sorted(tests, key=lambda node: str(node["name"]))


def unknown_promises(manifest: Mapping[str, Any]) -> list[CheckResult]:
    """Return a broken result for each data test of a kind that the gate lacks."""
    return [
        CheckResult(
            stage=Stage.GATE,
            suite_name="gate.unknown",
            check_name=test["name"],
            table_name=manifest["nodes"][test["attached_node"]]["name"],
            column_name=test["test_metadata"]["kwargs"].get("column_name"),
            severity=Severity.ERROR,
            outcome=Outcome.BROKEN,
            observed_value=None,
            rows_checked=None,
            rows_failed=None,
            message=f"The gate has no rule for a test {test['test_metadata']['name']}: "
            "add one to expectations/promises.py.",
            reason="No promise is dropped unseen.",
            next_step=BROKEN,
        )
        for test in _tests(manifest)
        if test["test_metadata"]["name"] not in KNOWN
    ]


def table_suites(manifest: Mapping[str, Any], news: News | None = None) -> list[Suite]:
    """Make one suite per table from the data tests that its yml declares.

    Args:
        manifest: dbt's manifest.
        news: What happened to the tables since they kept them, if anything is known.
    """
    by_model: dict[str, list[Promise]] = {}
    for test in _tests(manifest):
        if test["test_metadata"]["name"] in KNOWN:
            promise = Promise(test, manifest)
            by_model.setdefault(promise.model["name"], []).append(promise)
    return [
        Suite(
            name=f"gate.{promises[0].model['schema']}.{name}",
            table=f"{promises[0].model['schema']}.{name}",
            rows=promises[0].table,
            checks=checks_of(promises, news),
        )
        for name, promises in sorted(by_model.items())
    ]


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = ?",
        [PREVIOUS],
    ).fetchall()
    return {name for (name,) in rows}
