"""What Dagster shows of doors and gate: severity, why, and what to do."""

from dataclasses import replace

import dagster as dg
import pytest

from expectations import CheckResult, Outcome, Severity, Stage
from pipelines.assets.checks import verdict

KEY = dg.AssetKey(["behavioural", "fct_sale"])
PASSED = CheckResult(
    stage=Stage.GATE,
    suite_name="gate.behavioural.fct_sale",
    check_name="not_null_fct_sale_customer_key",
    table_name="behavioural.fct_sale",
    column_name="customer_key",
    severity=Severity.ERROR,
    outcome=Outcome.PASSED,
    observed_value="0",
    rows_checked=10,
    rows_failed=0,
    message="customer_key is never null.",
    reason="Readers were promised a value.",
    next_step="Look at the model.",
)


def failed(severity: Severity) -> CheckResult:
    """Make a failure of that severity."""
    return replace(PASSED, severity=severity, outcome=Outcome.FAILED)


@pytest.mark.parametrize(
    ("severities", "passed", "shown"),
    [
        ([], True, dg.AssetCheckSeverity.WARN),
        ([Severity.INFORMATION], True, dg.AssetCheckSeverity.WARN),
        ([Severity.INFORMATION, Severity.WARNING], False, dg.AssetCheckSeverity.WARN),
        ([Severity.WARNING, Severity.ERROR], False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_a_table_has_the_severity_of_its_gravest_failure(
    severities: list[Severity], passed: bool, shown: dg.AssetCheckSeverity
) -> None:
    """Information is shown and passes; a warning fails and blocks nothing."""
    found = verdict(KEY, "gate", [PASSED, *map(failed, severities)])
    assert (found.passed, found.severity) == (passed, shown)
    counts = {each: found.metadata[f"failed_{each}"].value for each in Severity}
    assert counts == {each: severities.count(each) for each in Severity}


def test_a_failure_says_why_and_what_to_do() -> None:
    """As a table on the page of the asset; a table that passed shows none."""
    shown = verdict(KEY, "gate", [failed(Severity.ERROR)]).metadata["failed"]
    assert isinstance(shown, dg.TableMetadataValue)
    [record] = shown.records
    assert record.data["why"] == "Readers were promised a value."
    assert record.data["what to do"] == "Look at the model."
    assert "failed" not in verdict(KEY, "gate", [PASSED]).metadata
