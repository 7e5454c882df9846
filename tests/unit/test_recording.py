"""How runs get into the journal, what ends those that died, and those that hang."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from house import House as Commands
from pydantic import SecretStr
from receivers import webhook

from pipelines import resources
from pipelines.dates import tag_dates
from pipelines.dead_runs import YOUNG, end_dead_runs, end_forgotten_runs
from pipelines.resources import House, failing_for_people, house_resource
from pipelines.time_limit import TimeLimit
from warehouse.clock import SteppingClock
from warehouse.errors import ClienteleError, HeldError
from warehouse.locking import one_writer
from warehouse.notifying.telling import told_file
from warehouse.operations import NightEntry, read_journal
from warehouse.operations.journal import journal_file
from warehouse.receiving import last_load
from warehouse.settings import PROJECT_ROOT

DATES = [date(2026, 1, 5), date(2026, 1, 6)]
ROW_VALUE = "Ann Lee"


@pytest.fixture
def house(tiny_company: Commands) -> House:
    """The tiny company's house, to which nothing was delivered."""
    tiny_company.settings.places.prepare()
    return House.open(tiny_company.settings)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster that forgets."""
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def run(house: House, instance: dg.DagsterInstance, work: Callable[[], None]) -> bool:
    """Run a job of one step in the house; return whether it went through."""

    @dg.op
    def step(context: dg.OpExecutionContext, house: dg.ResourceParam[House]) -> None:
        with failing_for_people(context.log.error):
            work()

    @dg.job(
        resource_defs={"house": house_resource(house)},
        executor_def=dg.in_process_executor,
    )
    def night() -> None:
        step()

    return night.execute_in_process(
        instance=instance, raise_on_error=False, tags=tag_dates(DATES)
    ).success


def test_a_run_that_went_through_is_written_down(
    house: House, instance: dg.DagsterInstance
) -> None:
    """With its dates and what its data takes; it published nothing, so it is `done`."""
    seen = []
    assert run(house, instance, lambda: seen.extend(read_journal(house.settings)))
    [begun] = seen
    assert (begun.result, begun.ended_at, begun.business_dates) == (None, None, DATES)
    [entry] = read_journal(house.settings)
    assert entry.result == "done"
    assert entry.trouble is None
    assert entry.byte_count
    assert entry.took is not None


@pytest.mark.parametrize(
    ("error", "result"),
    [(HeldError, "held"), (ClienteleError, "failed")],
)
def test_an_error_of_the_house_is_written_down_with_its_mend(
    house: House,
    instance: dg.DagsterInstance,
    error: type[ClienteleError],
    result: str,
) -> None:
    """So that the status can say what to do."""

    def work() -> None:
        raise error("it is so", where="there", mend="Do that.")

    assert not run(house, instance, work)
    [entry] = read_journal(house.settings)
    assert entry.result == result
    assert entry.trouble is not None
    assert entry.trouble.model_dump() == {
        "what": "it is so",
        "where": "there",
        "mend": "Do that.",
    }


def test_no_run_begins_a_new_archive_beside_releases(
    house: House, instance: dg.DagsterInstance
) -> None:
    """Whoever started it: schedule, sensor and back-fill pass here alone."""
    house.settings.places.current.symlink_to("r-000001")
    began: list[bool] = []
    assert not run(house, instance, lambda: began.append(True))
    assert began == []
    [entry] = read_journal(house.settings)
    assert entry.trouble is not None
    assert "the archive is gone" in entry.trouble.what
    assert "Restore" in entry.trouble.mend


def test_a_run_on_a_damaged_archive_is_written_down(
    house: House, instance: dg.DagsterInstance
) -> None:
    """It fails where the archive is used, with its own error."""
    house.settings.places.archive.write_bytes(b"cut" * 9_000)
    assert not run(house, instance, lambda: print(last_load(house.settings)))
    [entry] = read_journal(house.settings)
    assert (entry.result, entry.load_before) == ("failed", None)
    assert entry.trouble is not None
    assert "damaged" in entry.trouble.what


def test_a_disk_that_takes_no_journal_fails_no_run(
    house: House, instance: dg.DagsterInstance
) -> None:
    """Nothing that is published rests on it."""
    journal_file(house.settings).mkdir(parents=True)
    told_file(house.settings).mkdir()
    settings = house.settings.model_copy(
        update={"webhook_url": SecretStr("http://127.0.0.1:9/")}
    )
    assert run(House.open(settings), instance, lambda: None)


def test_operators_are_told_of_a_run_that_failed_whoever_started_it(
    tiny_company: Commands, instance: dg.DagsterInstance
) -> None:
    """And when one has gone through again."""

    def work() -> None:
        raise ClienteleError("it is so", where="there", mend="Do that.")

    with webhook() as hook:
        told = {"webhook_url": SecretStr(hook.url)}
        house = House.open(tiny_company.settings.model_copy(update=told))
        assert not run(house, instance, work)
        assert run(house, instance, lambda: None)
    assert [each["event"] for each in hook.got] == ["night_failed", "recovered"]


def test_the_text_of_an_unknown_error_is_not_kept(
    house: House, instance: dg.DagsterInstance
) -> None:
    """It may hold a value of a row."""

    def work() -> None:
        raise KeyError(ROW_VALUE)

    assert not run(house, instance, work)
    [entry] = read_journal(house.settings)
    assert entry.trouble is not None
    assert "KeyError" in entry.trouble.what
    assert ROW_VALUE not in journal_file(house.settings).read_text(encoding="utf-8")


def test_a_run_that_takes_too_long_is_stopped_and_says_so(
    house: House, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where no daemon watches; the lock is free afterwards."""
    monkeypatch.setattr(resources, "TimeLimit", lambda: TimeLimit(seconds=0.5))

    def work() -> None:
        import duckdb

        # Long, but not for ever: what is interrupted may go on behind.
        with duckdb.connect() as connection:
            connection.execute(
                "select sum(a.range * b.range) from range(10000000) a, range(80) b"
            ).fetchall()

    assert not run(house, instance, work)
    [entry] = read_journal(house.settings)
    assert entry.result == "failed"
    assert entry.trouble is not None
    assert "took longer than" in entry.trouble.what
    with one_writer(house.settings):
        pass


DEAF = """
import signal, sys, time
from pathlib import Path
from pipelines.time_limit import TimeLimit

signal.signal(signal.SIGINT, signal.SIG_IGN)
limit = TimeLimit(seconds=0.1, grace=0.2, at_the_end=Path(sys.argv[1]).touch)
with limit.held():
    time.sleep(30)
"""


def test_a_run_that_hears_nothing_is_ended_by_force(tmp_path: Path) -> None:
    """After it had its time to end as others do."""
    told = tmp_path / "told"
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", DEAF, str(told)],
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        timeout=20,
        check=False,
    )
    assert ended.returncode == 1
    assert told.exists()


def test_a_run_that_is_ended_by_force_is_written_down_and_told(
    tiny_company: Commands,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its own thread hears nothing: what is said is said beside it."""
    limit = TimeLimit()
    monkeypatch.setattr(resources, "TimeLimit", lambda: limit)
    seen: list[NightEntry] = []
    with webhook() as hook:
        told = {"webhook_url": SecretStr(hook.url)}
        house = House.open(tiny_company.settings.model_copy(update=told))

        def work() -> None:
            limit.at_the_end()
            seen.extend(read_journal(house.settings))
            assert [each["event"] for each in hook.got] == ["night_failed"]

        assert run(house, instance, work)
    [entry] = seen
    assert entry.result == "failed"
    assert entry.trouble and "took longer than" in entry.trouble.what


@dg.job
def killed() -> None:
    """Stand for a night whose process was killed."""


def left_started(instance: dg.DagsterInstance) -> str:
    """Make a run that is marked as started and that nobody runs."""
    made = instance.create_run_for_job(killed)
    instance.handle_new_event(
        dg.EventLogEntry(
            error_info=None,
            level=20,
            user_message="",
            run_id=made.run_id,
            timestamp=datetime.now(UTC).timestamp(),
            job_name="killed",
            dagster_event=dg.DagsterEvent(
                dg.DagsterEventType.RUN_START.value, job_name="killed"
            ),
        )
    )
    assert instance.get_runs()[0].status is dg.DagsterRunStatus.STARTED
    return made.run_id


def test_a_run_whose_process_died_is_ended_by_the_next(
    instance: dg.DagsterInstance,
) -> None:
    """It would else count as running for ever."""
    dead = left_started(instance)
    end_dead_runs(instance, "another")
    found = instance.get_run_by_id(dead)
    assert found is not None
    assert found.status is dg.DagsterRunStatus.FAILURE


def test_the_schedule_ends_what_died_before_it_asks_for_a_night(
    house: House, instance: dg.DagsterInstance
) -> None:
    """One run at a time is allowed: a dead one would keep every night in the queue."""
    left_started(instance)
    now = datetime.now(UTC).replace(tzinfo=None)
    young = SteppingClock(now + YOUNG / 2)
    assert end_forgotten_runs(house.settings, instance, clock=young) == 0
    later = SteppingClock(now + YOUNG + timedelta(minutes=1))
    with one_writer(house.settings):
        assert end_forgotten_runs(house.settings, instance, clock=later) == 0
    assert end_forgotten_runs(house.settings, instance, clock=later) == 1
    assert instance.get_runs()[0].status is dg.DagsterRunStatus.FAILURE
