"""How a run gets into the journal of nights, whoever started it.

The house that a run holds is the one place that every run passes, from the schedule,
the sensor, a back-fill or the command: so the record is made there.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime

import dagster as dg
import duckdb
from dagster_shared.error import SerializableErrorInfo

from pipelines.dates import DATES_TAG
from pipelines.time_limit import TimeLimit
from warehouse.checks import last_checked, last_checks
from warehouse.clock import Clock, SystemClock
from warehouse.errors import ClienteleError, ExitCode
from warehouse.operations import FailedCheck, NightEntry, Trouble
from warehouse.operations.disk import room_sizes
from warehouse.operations.journal import Result, write_entry
from warehouse.publication import current_release
from warehouse.receiving import last_load
from warehouse.settings import Settings

PARTITION_TAG = "dagster/partition"
RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"
CHECKS_KEPT = 50
TELLING_SECONDS = 60.0
"""How long telling of a run that is ended by force may take."""
INTERRUPTED = "DagsterExecutionInterruptedError"
UNKNOWN_MEND = (
    "Open the run in Dagster (`clientele dev`) to read the whole message; mend its "
    "cause and run `clientele night` again."
)


@dataclass(frozen=True)
class _End:
    """How a run ended."""

    result: Result
    trouble: Trouble | None = None


@contextmanager
def recorded(
    settings: Settings,
    instance: dg.DagsterInstance | None,
    run: dg.DagsterRun | None,
    *,
    limit: TimeLimit | None = None,
    on_force: Callable[[], object] = lambda: None,
    clock: Clock | None = None,
) -> Iterator[None]:
    """Write down that a run has begun, and how it ended.

    Args:
        settings: Where the company's data lies; the caller holds its lock.
        instance: Who knows which steps failed.
        run: The run; without one nothing is written.
        limit: The limit that it runs under.
        on_force: Tells of a run that the limit ends by force, once it is written down.
        clock: Tells when it began and ended; the machine's own when not given.
    """
    if instance is None or run is None:
        yield
        return
    clock = clock or SystemClock()
    before = _current(settings)
    known, checked = _known(settings)
    entry = NightEntry(
        run_id=run.run_id,
        began_at=clock.now(),
        business_dates=_dates(run),
        load_before=known,
    )
    _keep(settings, entry)
    if limit:
        limit.at_the_end = _forced(settings, entry, limit, clock, on_force)
    end = _End("failed", Trouble(what="the run was stopped", where="", mend=""))
    try:
        yield
        end = _ended(instance, run, is_new=_current(settings) != before)
        if limit and limit.is_over and end.trouble:
            end = _End("failed", _too_long(limit))
    except BaseException as error:
        end = _End("failed", _told(error))
        raise
    finally:
        _keep(settings, _closed(settings, entry, end, checked, clock))


def _forced(
    settings: Settings,
    entry: NightEntry,
    limit: TimeLimit,
    clock: Clock,
    on_force: Callable[[], object],
) -> Callable[[], None]:
    """Return what is done for a run that cannot end by itself.

    Its main thread may hold the databases, so none is asked, and whoever tells of it
    has a minute.
    """

    def end() -> None:
        told = {"ended_at": clock.now(), "result": "failed"}
        _keep(settings, entry.model_copy(update={**told, "trouble": _too_long(limit)}))
        teller = threading.Thread(target=on_force, daemon=True)
        teller.start()
        teller.join(TELLING_SECONDS)

    return end


def _closed(
    settings: Settings,
    entry: NightEntry,
    end: _End,
    checked: Mapping[str, datetime],
    clock: Clock,
) -> NightEntry:
    loaded, now_checked = _known(settings)
    return entry.model_copy(
        update={
            "ended_at": clock.now(),
            "result": end.result,
            "load_after": loaded,
            "release": _current(settings),
            "trouble": end.trouble,
            "checks": failed_checks(settings, since=checked) if now_checked else [],
            "byte_count": sum(room_sizes(settings).values()),
        }
    )


def _known(settings: Settings) -> tuple[int | None, dict[str, datetime]]:
    """Return the last load, and when each stage was checked last.

    An archive that cannot be read fails the run where it is used, not here.
    """
    try:
        last = last_load(settings)
        return last.load_id if last else 0, last_checked(settings)
    except duckdb.Error:
        return None, {}


def _keep(settings: Settings, entry: NightEntry) -> None:
    """Write into the journal; a full disk fails no run that needs none of it."""
    with suppress(OSError):
        write_entry(settings, entry)


def failed_checks(
    settings: Settings, *, since: Mapping[str, datetime]
) -> list[FailedCheck]:
    """List what doors and gate have found that did not pass, errors first.

    Args:
        settings: Whose archive to read; nobody may have it open to write.
        since: When each stage had been checked before.
    """
    found = [
        FailedCheck.model_validate(each)
        for stage, at in last_checked(settings).items()
        if at != since.get(stage)
        for each in last_checks(settings, stage)
        if each["outcome"] != "passed"
    ]
    return sorted(
        found, key=lambda each: (not each.is_error, each.table_name, each.check_name)
    )[:CHECKS_KEPT]


def _dates(run: dg.DagsterRun) -> list[date]:
    """Return the dates of a run; of a back-fill its first and last."""
    tags = run.tags
    stated = tags.get(DATES_TAG) or tags.get(PARTITION_TAG) or ""
    ends = [
        tags.get(f"dagster/asset_partition_range_{end}") for end in ("start", "end")
    ]
    named = [each for each in (*stated.split(","), *ends) if each]
    return sorted({date.fromisoformat(each) for each in named})


def _current(settings: Settings) -> str | None:
    try:
        release = current_release(settings)
    except ClienteleError:
        return None
    return release.release if release else None


def _ended(instance: dg.DagsterInstance, run: dg.DagsterRun, *, is_new: bool) -> _End:
    failures = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    if not failures:
        return _End("published" if is_new else "done")
    event = failures[0].get_dagster_event()
    failure = event.step_failure_data
    stated = failure.user_failure_data
    if stated is None:
        return _End("failed", _unknown(_kind(failure.error), event.step_key or "night"))
    told = {name: value.value for name, value in stated.metadata.items()}
    is_held = told.get("exit_code") == int(ExitCode.HELD)
    parts = [str(told.get(name, "")) for name in ("what", "where", "mend")]
    return _End(
        "held" if is_held else "failed",
        Trouble(what=parts[0], where=parts[1], mend=parts[2]),
    )


def _kind(error: SerializableErrorInfo | None) -> str:
    """Name the innermost error; those around it are Dagster's own."""
    while error is not None and error.cause is not None:
        error = error.cause
    return (error.cls_name if error else None) or "no name"


def _told(error: BaseException) -> Trouble:
    if isinstance(error, ClienteleError):
        return Trouble(what=error.what, where=error.where, mend=error.mend)
    return _unknown(type(error).__name__, "the start of the run")


def _too_long(limit: TimeLimit) -> Trouble:
    return Trouble(
        what=f"the night took longer than {limit.seconds / 3600:g} hours and was "
        "stopped",
        where="night",
        mend="See in Dagster (`clientele dev`) which step took so long; give the night "
        "more memory or threads, or let it catch up in smaller parts with `--date`.",
    )


def _unknown(kind: str, where: str) -> Trouble:
    """Tell of an error that is not the house's: its text may hold what it must not."""
    if kind in (INTERRUPTED, KeyboardInterrupt.__name__):
        return Trouble(
            what="the night was interrupted",
            where=where,
            mend="Run `clientele night` again: what it left is mended.",
        )
    return Trouble(
        what=f"an error that the house does not know: {kind}",
        where=where,
        mend=UNKNOWN_MEND,
    )
