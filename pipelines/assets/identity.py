"""Who is who: the log of identity changes, appended after each reading of input."""

from typing import Any

import dagster as dg

from pipelines.resources import WRITER_POOL, House, failing_for_people
from warehouse.identity import identify
from warehouse.stewardship import estimate


@dg.asset(
    key=["identity", "link_change"],
    deps=[
        ["input", "input_party"],
        ["input", "input_identity_decision"],
        ["input", "input_match_model"],
    ],
    group_name="identity",
    kinds={"python", "duckdb"},
    pool=WRITER_POOL,
)
def link_change(
    context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
) -> dg.MaterializeResult[Any]:
    """One row each time the customer of a record changes."""
    with house.progress.step("identify"), failing_for_people(context.log.error):
        outcome = identify(house.settings, house.company)
        estimate(house.settings, house.company)
    return dg.MaterializeResult(
        metadata={
            "records_seen": outcome.records_seen,
            "customers": outcome.customers_after,
            "new": outcome.new,
            "merged": outcome.merged,
            "split": outcome.split,
        }
    )
