"""The one expectation of our own: a query of counts, held against a budget.

Great Expectations' `UnexpectedRowsExpectation` runs its query twice and knows no
budget; expectations made here with the same query share one run of it.
"""

from typing import Any, ClassVar

from great_expectations.expectations.expectation import BatchExpectation

from expectations.judging import is_tolerated


class ExpectFewRowsToFail(BatchExpectation):  # type: ignore[misc]
    """Expect that of the rows a query looks at, no more fail than the budget allows.

    The query yields one row: `rows_checked`, the measure, and optionally `observed`, a
    text that says more than the number of rows that fail.
    """

    query: str
    measure: str
    budget_pct: float = 0.0
    budget_rows: int = 0
    column: str | None = None

    metric_dependencies: ClassVar[tuple[str, ...]] = ("query.table",)
    success_keys: ClassVar[tuple[str, ...]] = ("query",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: object = None,
    ) -> dict[str, Any]:
        counts = metrics["query.table"][0]
        checked = int(counts["rows_checked"] or 0)
        failed = int(counts[self.measure] or 0)
        observed = counts.get("observed")
        return {
            "success": is_tolerated(
                failed,
                checked=checked,
                budget_rows=self.budget_rows,
                budget_pct=self.budget_pct,
            ),
            "result": {
                "observed_value": failed if observed is None else observed,
                "element_count": checked,
                "unexpected_count": failed,
            },
        }
