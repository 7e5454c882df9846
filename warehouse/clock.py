"""Where the time comes from: one injected clock, so that a night can be replayed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time as naive UTC."""

    def now(self) -> datetime:
        """Return the moment, naive UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the moment, naive UTC."""
        return datetime.now(UTC).replace(tzinfo=None)


@dataclass
class SteppingClock:
    """A clock that moves one step each time it is read; the same in every run.

    Args:
        at: The moment that the first reading returns, naive UTC.
        step: How far each reading moves it.
    """

    at: datetime
    step: timedelta = timedelta(seconds=1)

    def now(self) -> datetime:
        """Return the moment and move on by one step."""
        moment = self.at
        self.at += self.step
        return moment


def open_clock(start: datetime | None) -> Clock:
    """Return the machine's clock, or one for replay that starts at a moment.

    Args:
        start: `Settings.clock_start`, naive UTC.
    """
    return SteppingClock(start) if start else SystemClock()
