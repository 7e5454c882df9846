"""What Dagster shows of the checks of a table."""

from collections.abc import Sequence

import dagster as dg

from expectations import CheckResult, Outcome, Severity, holds_back


def verdict(
    key: dg.AssetKey, name: str, results: Sequence[CheckResult]
) -> dg.AssetCheckResult:
    """Say of a table what Dagster shows: its gravest failure, and what to do.

    Dagster knows errors and warnings; what is information is shown and passes.

    Args:
        key: The table's asset.
        name: The asset check: `doors` or `gate`.
        results: What was found of the table.
    """
    failed = [each for each in results if each.outcome is not Outcome.PASSED]
    severity = dg.AssetCheckSeverity
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=all(each.severity is Severity.INFORMATION for each in failed),
        severity=severity.ERROR if holds_back(failed) else severity.WARN,
        metadata={
            "checks": len(results),
            **{f"failed_{each}": _count(failed, each) for each in Severity},
            **({"failed": _told(failed)} if failed else {}),
        },
    )


def _count(results: Sequence[CheckResult], severity: Severity) -> int:
    return sum(result.severity is severity for result in results)


def _told(failed: Sequence[CheckResult]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table(
        [
            dg.TableRecord(
                {
                    "severity": str(each.severity),
                    "outcome": str(each.outcome),
                    "check": each.check_name,
                    "message": each.message,
                    "why": each.reason or "",
                    "what to do": each.next_step or "",
                }
            )
            for each in failed
        ]
    )
