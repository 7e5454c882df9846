"""What a check's counts mean: kept, failed or broken, in words that people read."""

from collections.abc import Mapping
from typing import Any

from expectations.results import CheckResult, Outcome, Severity, Stage
from expectations.severities import BROKEN
from expectations.suites import Check, Suite

Counts = Mapping[str, Any]
"""`element_count`, `unexpected_count`, and if there is one `observed_value`."""


def is_tolerated(
    failed: int, *, checked: int, budget_rows: int, budget_pct: float
) -> bool:
    """Return whether so many rows may fail of so many that were looked at."""
    return failed <= max(budget_rows, checked * budget_pct / 100)


def judged(
    check: Check,
    counts: Counts,
    *,
    suite: Suite,
    stage: Stage,
    is_kept: bool,
    breakage: str | None = None,
) -> CheckResult:
    """Tell what a check found.

    Args:
        check: What was asked.
        counts: What was counted; nothing when it could not run.
        suite: Whose check it is.
        stage: What to note as stage.
        is_kept: Whether the promise holds.
        breakage: Why it could not run, if so, without any value of the data.
    """
    outcome, message = Outcome.PASSED, check.says
    if breakage:
        outcome = Outcome.BROKEN
        message = f"{check.says} The check could not run: {breakage}"
    elif not is_kept:
        outcome = Outcome.FAILED
        message = f"{check.says} {_failure(counts)}"
    return CheckResult(
        stage=stage,
        suite_name=suite.name,
        check_name=check.name,
        table_name=check.table or suite.table,
        column_name=check.column,
        severity=Severity.ERROR if breakage else check.rule.severity,
        outcome=outcome,
        observed_value=_observed(counts),
        rows_checked=counts.get("element_count"),
        rows_failed=counts.get("unexpected_count"),
        message=message,
        reason=check.rule.reason,
        next_step=BROKEN if breakage else check.rule.next_step,
    )


def _observed(counts: Counts) -> str | None:
    observed = counts.get("observed_value")
    if isinstance(observed, list):
        return f"{len(observed)} columns"
    return None if observed is None else str(observed)


def _failure(counts: Counts) -> str:
    missing = counts.get("details", {}).get("mismatched", {}).get("missing")
    if missing:
        return f"Missing: {', '.join(missing)}."
    failed, observed = counts["unexpected_count"], counts.get("observed_value")
    told = f"{failed:,} of {counts['element_count']:,} fail"
    return f"{told}." if observed == failed else f"{told}: {observed}."
