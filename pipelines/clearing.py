"""The clearing out at a night's end, Dagster's own memory of old runs with it.

The release is out by then, so what goes wrong here is told and fails no night.
"""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from typing import Any

import dagster as dg

from pipelines.resources import House
from warehouse.errors import ClienteleError
from warehouse.machine import in_words
from warehouse.retention.clearing import clear_out

_CLEARED = "cleared_"
_UNCLEARED = "uncleared"


def clear_night(
    house: House, instance: dg.DagsterInstance, warn: Callable[[str], None]
) -> dict[str, int | str]:
    """Let go what the policy of retention no longer keeps, and count it.

    Args:
        house: Whose policy; the caller holds the writer's lock.
        instance: Where runs are remembered.
        warn: Hears what went wrong.

    Returns:
        What a step notes of it, for `noted_clearing`.
    """
    try:
        return {**_clear(house, instance)}
    except Exception as error:
        cause = in_words(error)
        told = ClienteleError(
            f"what is old was not cleared out: "
            f"{cause.what if cause else type(error).__name__}",
            where=cause.where if cause else "retention",
            mend="The release is out, and nothing but room rests on this. Mend the "
            "cause; the next night that publishes clears out again.",
        )
        warn(str(told))
        return {_UNCLEARED: str(told)}


def noted_clearing(
    result: dg.ExecuteInProcessResult,
) -> tuple[dict[str, int], str | None]:
    """Return what a run noted of its clearing: counts above zero, and what went wrong.

    Args:
        result: The run, with the step of publication in it or not.
    """
    noted = {
        name: value.value
        for event in result.all_events
        if event.is_step_materialization
        for name, value in _metadata(event).items()
    }
    counts = {
        name.removeprefix(_CLEARED): int(str(value))
        for name, value in noted.items()
        if name.startswith(_CLEARED)
    }
    trouble = noted.get(_UNCLEARED)
    above = {name: count for name, count in counts.items() if count}
    return above, None if trouble is None else str(trouble)


def _metadata(event: dg.DagsterEvent) -> Mapping[str, dg.MetadataValue[Any]]:
    return event.step_materialization_data.materialization.metadata


def _clear(house: House, instance: dg.DagsterInstance) -> dict[str, int]:
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
    return {f"{_CLEARED}{name}": count for name, count in counts.items()}
