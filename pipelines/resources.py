"""The outside world, injected: the house, its lock, and who hears of progress."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import dagster as dg

from pipelines.dead_runs import end_dead_runs
from pipelines.notifying import tell_operators, telling
from pipelines.progress import Progress, Silence
from pipelines.recording import recorded
from pipelines.staleness import is_built_anew, is_stale
from pipelines.time_limit import TimeLimit
from pipelines.transformation import Transformation
from warehouse.clock import Clock, SteppingClock, SystemClock
from warehouse.company import Company, read_company
from warehouse.errors import ExitCode, MachineError, UnreachableError
from warehouse.locking import one_writer
from warehouse.machine import in_words
from warehouse.publication import Begun, begin
from warehouse.receiving import last_load, refuse_new_archive
from warehouse.settings import Settings

WRITER_POOL = "writer"
"""DuckDB admits one writing process: every op that opens a database joins this pool."""

RETRY = dg.RetryPolicy(
    max_retries=2, delay=30, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)


@dataclass
class House:
    """The company at work: what every asset needs to know."""

    settings: Settings
    company: Company
    transformation: Transformation
    clock: Clock
    progress: Progress = field(default_factory=Silence)
    begun: Begun | None = None
    """What was begun of the release of this night."""

    @classmethod
    def open(
        cls, settings: Settings | None = None, *, progress: Progress | None = None
    ) -> "House":
        """Read settings and company.

        Raises:
            ClienteleError: There is no such company, or a contract is not in order.
        """
        settings = settings or Settings()
        company = read_company(settings)
        return cls(
            settings=settings,
            company=company,
            transformation=Transformation(settings, company),
            clock=_open_clock(settings),
            progress=progress or Silence(),
        )

    @contextmanager
    def release_begun(self) -> Iterator[None]:
        """Copy the files of the release before, while the night makes the next one."""
        is_anew = is_built_anew(self.settings) or is_stale(self.settings, self.company)
        self.begun = begin(self.settings, whole=is_anew)
        try:
            yield
        finally:
            if self.begun:
                self.begun.give_up()
                self.begun = None


def _open_clock(settings: Settings) -> Clock:
    """Return the clock; one for replay goes on where the last load left it.

    So nights one by one read the times that one run over all their dates reads.
    """
    if settings.clock_start is None:
        return SystemClock()
    clock = SteppingClock(at=settings.clock_start)
    last = last_load(settings)
    if last is not None:
        clock.at = max(clock.at, last.finished_at + clock.step)
    return clock


def house_resource(house: House) -> dg.ResourceDefinition:
    """Hand the house to a run, which holds the one writer's lock while it lasts."""

    @dg.resource
    def opened(context: dg.InitResourceContext) -> Iterator[House]:
        house.settings.places.prepare()
        instance, run = context.instance, context.run
        limit = TimeLimit()
        tell = partial(tell_operators, house.settings, house.company)
        with (
            telling(house.settings, house.company),
            one_writer(house.settings),
            recorded(house.settings, instance, run, limit=limit, on_force=tell),
            limit.held(),
        ):
            refuse_new_archive(house.settings)
            if instance and run:
                end_dead_runs(instance, run.run_id)
            with house.release_begun():
                yield house

    return opened


@contextmanager
def failing_for_people(
    log: Callable[[str], None], *, may_retry: bool = False
) -> Iterator[None]:
    """Turn an error of the house or the machine into a failure in plain words.

    Errors that a second try may mend are raised as they are, for the retry policy.
    """
    try:
        yield
    except Exception as error:
        told = in_words(error)
        if told is None:
            raise
        is_ours = not isinstance(told, MachineError)
        may_pass = is_ours and told.exit_code is ExitCode.FAILED
        if may_retry and (may_pass or isinstance(error, UnreachableError)):
            raise
        log(str(told))
        raise dg.Failure(
            description=str(told),
            metadata={
                "exit_code": int(told.exit_code),
                "what": told.what,
                "where": told.where,
                "mend": told.mend,
            },
            allow_retries=False,
        ) from error
