"""One night from the command line: the job that the schedule runs, with no daemon.

A night with nothing new ends here, before Dagster, dbt or the checks are loaded.
"""

import gc
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from pipelines.dagster_home import enter_dagster_home
from pipelines.notifying import telling
from pipelines.oddities import unclaimed_files
from pipelines.progress import Progress
from pipelines.staleness import is_stale
from warehouse.company import Company
from warehouse.errors import ClienteleError, ExitCode
from warehouse.locking import one_writer, refuse_second
from warehouse.publication import Release, current_release, published_up_to
from warehouse.receiving import (
    Load,
    hold_for_refusals,
    last_load,
    loads_since,
    refuse_new_archive,
    renew_ledger_copy,
    waiting,
)
from warehouse.settings import Settings

if TYPE_CHECKING:
    import dagster as dg


@dataclass(frozen=True)
class Outcome:
    """What a night did."""

    exit_code: ExitCode
    business_dates: list[date] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    release: Release | None = None
    error: str | None = None
    unclaimed: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    cleared: dict[str, int] = field(default_factory=dict)
    """What the policy of retention let go, counted by kind."""
    uncleared: str | None = None
    """Why it could let nothing go, where it could not."""

    @property
    def is_idle(self) -> bool:
        """Return whether there was nothing to do."""
        return self.exit_code is ExitCode.DONE and not self.business_dates


def dates_to_run(
    settings: Settings, company: Company, business_date: date | None
) -> list[date]:
    """List the business dates of a night: those with deliveries that wait.

    Loads that are not published yet, and models that have changed, ask for a night too:
    it then runs for the last date that was received. A release that was rolled back
    counts as published: the next deliveries bring a new one.

    Raises:
        HeldError: Nothing waits, and a refused delivery is not mended.
    """
    found = waiting(settings, company, business_date=business_date)
    dates = sorted({each.business_date for each in found})
    if dates:
        return dates
    hold_for_refusals(settings, company)
    last = last_load(settings)
    if last is None:
        return []
    if published_up_to(settings) < last.load_id or is_stale(settings, company):
        return [last.business_date]
    return []


def run_night(
    settings: Settings,
    company: Company,
    *,
    progress: Progress,
    business_date: date | None = None,
) -> Outcome:
    """Run one night, for one business date or for all that wait.

    Args:
        settings: Where the data lies.
        company: Whose night it is.
        progress: Who hears how far it is.
        business_date: The date to run; all that wait when not given.

    Raises:
        ClienteleError: The night could not start.
    """
    refuse_second(settings)
    with telling(settings, company) as later:
        _look_at_the_archive(settings)
        dates = dates_to_run(settings, company, business_date)
        if dates:
            later.is_left = True  # to the run, which knows what has come
    if not dates:
        release = current_release(settings)
        if release is None:
            raise ClienteleError(
                "nothing was ever delivered",
                where=str(company.landing_folder(settings)),
                mend="Deliver files into a folder named by the business date (a file "
                "written a moment ago is taken at the next look); for the demo "
                "company, run `clientele demo`.",
            )
        return Outcome(
            ExitCode.DONE, release=release, unclaimed=unclaimed_files(settings, company)
        )
    before = last_load(settings)
    with progress.step("start dagster and dbt"):
        instance = _instance(settings)
        job = _job(settings, progress)
    return replace(
        _execute(job, instance, settings, progress, dates, before),
        unclaimed=unclaimed_files(settings, company),
    )


def _look_at_the_archive(settings: Settings) -> None:
    """See that the archive is there, and that the copy of its ledger says what it says.

    What waits is told from the copy, which is another's when one of the two was lost,
    restored or damaged.

    Raises:
        ClienteleError: It is gone.
    """
    refuse_new_archive(settings)
    if last_load(settings) is not None:
        with one_writer(settings):
            renew_ledger_copy(settings)


def _instance(settings: Settings) -> "dg.DagsterInstance":
    import dagster as dg

    enter_dagster_home(settings)
    return dg.DagsterInstance.get()


def _job(settings: Settings, progress: Progress) -> "dg.JobDefinition":
    from pipelines.definitions import NIGHT, build_defs
    from pipelines.resources import House

    house = House.open(settings, progress=progress)
    job = build_defs(house).resolve_job_def(NIGHT)
    # What is there now stays till the end: nobody need look through it for garbage.
    gc.freeze()
    return job


def _execute(
    job: "dg.JobDefinition",
    instance: "dg.DagsterInstance",
    settings: Settings,
    progress: Progress,
    dates: list[date],
    before: Load | None,
) -> Outcome:
    from pipelines.clearing import noted_clearing
    from pipelines.dates import tag_dates

    with instance:
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            partition_key=dates[-1].isoformat(),
            tags=tag_dates(dates),
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    exit_code, error = _failure(result)
    cleared, uncleared = noted_clearing(result)
    return Outcome(
        exit_code,
        business_dates=dates,
        loads=loads_since(settings, before.load_id if before else 0),
        release=current_release(settings),
        error=error,
        seconds=dict(progress.seconds),
        cleared=cleared,
        uncleared=uncleared,
    )


def _failure(result: "dg.ExecuteInProcessResult") -> tuple[ExitCode, str | None]:
    if result.success:
        return ExitCode.DONE, None
    for event in result.all_events:
        if event.is_step_failure:
            failure = event.step_failure_data
            stated = failure.user_failure_data
            if stated is None:
                return ExitCode.FAILED, str(failure.error)
            code = stated.metadata["exit_code"].value
            return ExitCode(int(str(code))), stated.description
    failed = result.all_events[-1].message if result.all_events else None
    return ExitCode.FAILED, failed or "the run failed before its first step"
