"""A status as tests look at it: a fixed morning, a night of four minutes before it."""

from datetime import date, datetime, timedelta

from pipelines.screen import WIDTH, screen
from pipelines.status import Status, read_status
from warehouse.clock import SteppingClock
from warehouse.company import read_company
from warehouse.operations import DiskUse, NightEntry
from warehouse.settings import Settings

NOW = datetime(2026, 1, 10, 6)
MORNING = datetime(2026, 1, 10, 2)
MEMBERS = "member,name,email,city\n"
ROOM = DiskUse(rooms={}, total=0, free=10**12, growth=None, nights_left=None)


def look(settings: Settings) -> Status:
    """Read the status at a fixed moment."""
    return read_status(settings, read_company(settings), clock=SteppingClock(NOW))


def seen(status: Status) -> str:
    """Return what is on the screen, which fits."""
    lines = list(screen(status))
    assert len(lines) <= 30
    assert max(map(len, lines)) <= WIDTH
    return "\n".join(lines)


def entry(**changes: object) -> NightEntry:
    """A night of four minutes that published a release."""
    stated = {
        "run_id": "one",
        "began_at": MORNING,
        "business_dates": [date(2026, 1, 9)],
        "load_before": 0,
        "ended_at": MORNING + timedelta(minutes=4),
        "result": "published",
        "load_after": 1,
        "release": "r-000001",
    }
    return NightEntry.model_validate(stated | changes)
