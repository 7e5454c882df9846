"""The night's schedule, in the company's own time zone."""

from datetime import timedelta

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import (
    UnresolvedAssetJobDefinition,
)

from pipelines.dates import tag_dates
from pipelines.dead_runs import end_forgotten_runs
from pipelines.resources import House
from warehouse.receiving import waiting


def make_nightly_schedule(
    house: House, job: UnresolvedAssetJobDefinition
) -> dg.ScheduleDefinition:
    """Make the schedule: the date that has just ended, and any missed before."""
    company = house.company
    hour, minute = company.night_at.split(":")

    @dg.schedule(
        job=job,
        cron_schedule=f"{int(minute)} {int(hour)} * * *",
        execution_timezone=company.time_zone,
    )
    def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        end_forgotten_runs(house.settings, context.instance)
        started = context.scheduled_execution_time.astimezone(company.zone)
        ended = started.date() - timedelta(days=1)
        missed = [each.business_date for each in waiting(house.settings, company)]
        return dg.RunRequest(
            run_key=ended.isoformat(),
            partition_key=ended.isoformat(),
            tags=tag_dates({ended, *(each for each in missed if each < ended)}),
        )

    return nightly
