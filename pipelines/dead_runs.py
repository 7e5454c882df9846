"""Runs that a crash left marked as started: nobody else would ever end them.

Dagster's launcher cannot tell whether such a run lives. While one is marked as started,
no scheduled night is begun, as only one may run at a time.
"""

from datetime import timedelta

import dagster as dg

from warehouse.clock import Clock, SystemClock
from warehouse.locking import running_night
from warehouse.settings import Settings

YOUNG = timedelta(minutes=5)
"""A run may be marked as started a while before it holds the lock."""


def end_dead_runs(instance: dg.DagsterInstance, own_run_id: str | None) -> None:
    """End runs that a crash left marked as started, and free what they hold.

    A dead one would hold its place in the writer's pool for ever.

    Args:
        instance: Where the runs are known.
        own_run_id: The run of the caller, who holds the lock of the one writer and so
            knows that no other run is alive.
    """
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    for run in instance.get_runs(started):
        if run.run_id != own_run_id:
            _end(instance, run)
    _free_slots(instance, own_run_id)


def end_forgotten_runs(
    settings: Settings, instance: dg.DagsterInstance, *, clock: Clock | None = None
) -> int:
    """End dead runs before a night is asked for, when no process holds the lock.

    Args:
        settings: Whose lock to look at.
        instance: Where the runs are known.
        clock: Tells the present; the machine's own when not given.

    Returns:
        How many were ended.
    """
    if running_night(settings) is not None:
        return 0
    now = (clock or SystemClock()).now()
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    dead = [
        record.dagster_run
        for record in instance.get_run_records(started)
        if record.update_timestamp.replace(tzinfo=None) < now - YOUNG
    ]
    for run in dead:
        _end(instance, run)
    if dead:
        _free_slots(instance, None)
    return len(dead)


def _end(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    instance.report_run_failed(run, "Its process died; this was found out later.")


def _free_slots(instance: dg.DagsterInstance, own_run_id: str | None) -> None:
    log = instance.event_log_storage
    if not log.supports_global_concurrency_limits:
        return
    for run_id in log.get_concurrency_run_ids() - {own_run_id}:
        holder = instance.get_run_by_id(run_id)
        if holder is None or holder.is_finished:
            log.free_concurrency_slots_for_run(run_id)
