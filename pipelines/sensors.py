"""The sensor that sees new deliveries and asks for a night over their dates."""

import hashlib

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import (
    UnresolvedAssetJobDefinition,
)

from pipelines.dates import tag_dates
from pipelines.dead_runs import end_forgotten_runs
from pipelines.resources import House
from warehouse.locking import running_night
from warehouse.receiving import waiting

SECONDS_BETWEEN_LOOKS = 300


def make_delivery_sensor(
    house: House, job: UnresolvedAssetJobDefinition
) -> dg.SensorDefinition:
    """Make the sensor; it is off until somebody turns it on."""

    @dg.sensor(job=job, minimum_interval_seconds=SECONDS_BETWEEN_LOOKS)
    def new_deliveries(
        context: dg.SensorEvaluationContext,
    ) -> dg.RunRequest | dg.SkipReason:
        if running_night(house.settings):
            return dg.SkipReason("A night is running.")
        found = waiting(house.settings, house.company)
        if not found:
            return dg.SkipReason("Nothing new was delivered.")
        end_forgotten_runs(house.settings, context.instance)
        names = "\n".join(f"{each.business_date} {each.name}" for each in found)
        dates = {each.business_date for each in found}
        return dg.RunRequest(
            run_key=hashlib.sha256(names.encode()).hexdigest(),
            partition_key=max(dates).isoformat(),
            tags=tag_dates(dates),
        )

    return new_deliveries
