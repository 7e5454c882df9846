"""The release: a new version beside the old one, then one atomic switch."""

from typing import Any

import dagster as dg

from expectations import Stage, holds_back
from pipelines.assets.checks import hold_if_needed, last_results, write_docs
from pipelines.clearing import clear_night
from pipelines.releasing import make_release
from pipelines.resources import WRITER_POOL, House, failing_for_people

RELEASE_KEY = dg.AssetKey(["published", "release"])


def make_publication(marts: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """Make the asset of the release, which leans on every published table."""

    @dg.asset(
        key=RELEASE_KEY,
        deps=marts,
        group_name="published",
        kinds={"duckdb"},
        pool=WRITER_POOL,
    )
    def release(
        context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
    ) -> dg.MaterializeResult[Any]:
        """What analysts read: `marts.duckdb` and `restricted.duckdb`.

        What the gate refused is kept aside as a release that nobody reads.
        """
        with house.progress.step("publish"), failing_for_people(context.log.error):
            results = last_results(house, Stage.GATE)
            write_docs(house, Stage.DOOR, Stage.GATE)
            warn = context.log.warning
            made = make_release(house, held=holds_back(results), warn=warn)
            hold_if_needed(results)
            cleared = clear_night(house, context.instance, warn)
        return dg.MaterializeResult(metadata={"release": made.release, **cleared})

    return release
