"""The clearing out at a night's end, Dagster's own memory of old runs with it."""

import shutil
from datetime import UTC, timedelta

import dagster as dg

from pipelines.resources import House
from warehouse.retention.clearing import clear_out

CLEARED = "cleared_"


def clear_night(house: House, instance: dg.DagsterInstance) -> dict[str, int]:
    """Let go what the policy of retention no longer keeps, and count it.

    Args:
        house: Whose policy; the caller holds the writer's lock.
        instance: Where runs are remembered.

    Returns:
        How many of each kind, each name beginning with `CLEARED`.
    """
    now = house.clock.now()
    before = now - timedelta(days=house.company.retention.run_days)
    old = dg.RunsFilter(
        created_before=before.replace(tzinfo=UTC),
        statuses=[
            dg.DagsterRunStatus.SUCCESS,
            dg.DagsterRunStatus.FAILURE,
            dg.DagsterRunStatus.CANCELED,
        ],
    )
    runs = instance.get_run_ids(old)
    for run_id in runs:
        instance.delete_run(run_id)
        stored = house.settings.places.dagster / "storage" / run_id
        shutil.rmtree(stored, ignore_errors=True)
    cleared = clear_out(house.settings, house.company, now=now)
    counts = {
        "received_files": cleared.received_files,
        "log_files": cleared.log_files,
        "runs": len(runs),
        "not_removable": cleared.stuck,
    }
    return {f"{CLEARED}{name}": count for name, count in counts.items()}
