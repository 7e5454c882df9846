"""The one expectation of our own: a query of counts, held against a budget.

Great Expectations' `UnexpectedRowsExpectation` runs its query twice and knows no
budget; expectations made here take what `expectations.counting` has asked, once for all
that have the same query.
"""

from typing import Any, ClassVar

from great_expectations.expectations.expectation import BatchExpectation

from expectations.counting import counts_of
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

    metric_dependencies: ClassVar[tuple[str, ...]] = ()
    success_keys: ClassVar[tuple[str, ...]] = ("query",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: object = None,
    ) -> dict[str, Any]:
        counts = counts_of(self.query)
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
