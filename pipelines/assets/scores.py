"""What Python computes of the stars: an asset per table of schema `scores`. Thin."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.resources import WRITER_POOL, House, failing_for_people
from warehouse.scoring import SCORES, score

READ = [dg.AssetKey(["aggregates", "agg_experiment"])]
"""What the scores are computed from."""


@dg.multi_asset(
    name="scores",
    specs=[
        dg.AssetSpec(
            ["scores", table],
            deps=READ,
            group_name="scores",
            kinds={"python", "duckdb"},
        )
        for table in SCORES
    ],
    pool=WRITER_POOL,
)
def scores(
    context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
) -> Iterator[dg.MaterializeResult[Any]]:
    """One table per kind of score; those that nothing computes yet are empty."""
    with house.progress.step("score"), failing_for_people(context.log.error):
        for table, rows in score(house.settings).items():
            yield dg.MaterializeResult(
                asset_key=["scores", table], metadata={"rows": rows}
            )
