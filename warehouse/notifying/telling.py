"""What is told when: new conditions at once, lasting ones again, ended ones as mended.

What was told is kept in `logs/notifications.jsonl`, with what could not be sent; it is
the memory by which nothing is told twice, and may be deleted. Each channel has its own:
one that failed is behind, and is told at the next look what others know already.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, ValidationError

from warehouse.notifying.channels import Channel, SendingError, send_patiently
from warehouse.notifying.model import Condition, Event, Notification
from warehouse.operations.journal import Trouble, append_line
from warehouse.settings import Settings

REMEMBERED = 2_000
"""How many lines of what was told are looked at, those of failures aside."""

Send = Callable[[Channel, Notification], None]


class Told(BaseModel):
    """One try to tell something by one channel."""

    at: datetime
    event: Event
    subjects: list[str]
    """The keys of the conditions."""
    channel: str
    trouble: str | None = None
    """Why it could not be sent; none when it was."""


def told_file(settings: Settings) -> Path:
    """Return where it is kept what was told."""
    return settings.places.logs / "notifications.jsonl"


def read_told(settings: Settings) -> list[Told]:
    """Read what was told, oldest first; a line that cannot be read is passed over."""
    file = told_file(settings)
    if not file.is_file():
        return []
    told = [told for line in file.read_bytes().splitlines() if (told := _parsed(line))]
    sent = [index for index, each in enumerate(told) if not each.trouble]
    return told[sent[-REMEMBERED] :] if len(sent) > REMEMBERED else told


def write_told(settings: Settings, told: Told) -> None:
    """Keep what was told, or could not be."""
    append_line(told_file(settings), told)


def tell(
    settings: Settings,
    channels: Sequence[Channel],
    present: Sequence[Condition],
    *,
    now: datetime,
    release: str | None,
    repeat_after: timedelta,
    send: Send = send_patiently,
) -> list[Told]:
    """Tell each channel what is new to it, what has lasted long, what is well again.

    Args:
        settings: Whose warehouse, and where it is kept what was told.
        channels: The ways to operators; without any nothing is told or kept.
        present: All that is wrong now.
        now: The moment, naive UTC.
        release: What readers see.
        repeat_after: How long a condition that lasts is not told again.
        send: How one is sent.

    Returns:
        What was tried, the failures among it; none of them raises.
    """
    lasting = {each.event for each in present}
    told = read_told(settings) if channels else []
    tried = []
    for channel in channels:
        known = _open([each for each in told if each.channel == channel.name])
        due = [each for each in present if _is_due(each, known, now, repeat_after)]
        ended = [key for key in known if Event(key.partition(":")[0]) not in lasting]
        tried += [
            _try(settings, channel, notification, now=now, send=send)
            for notification in _notifications(settings, due, ended, now, release)
        ]
    return tried


def tell_test(
    settings: Settings,
    channels: Sequence[Channel],
    *,
    now: datetime,
    release: str | None,
    send: Send = send_patiently,
) -> list[Told]:
    """Send a test by every channel, whatever was told before."""
    said = Trouble(what="This way to operators works.", where="", mend="")
    test = Notification(Event.TEST, settings.company, now, release, [said])
    return [_try(settings, each, test, now=now, send=send) for each in channels]


def _open(told: Sequence[Told]) -> dict[str, datetime]:
    """Return what was told and has not ended, with when it was told last."""
    found: dict[str, datetime] = {}
    for each in told:
        if each.trouble or each.event is Event.TEST:
            continue
        for key in each.subjects:
            if each.event is Event.RECOVERED:
                found.pop(key, None)
            else:
                found[key] = each.at
    return found


def _is_due(
    condition: Condition,
    known: dict[str, datetime],
    now: datetime,
    repeat_after: timedelta,
) -> bool:
    last = known.get(condition.key)
    return last is None or not last <= now < last + repeat_after


def _notifications(
    settings: Settings,
    due: Sequence[Condition],
    ended: Sequence[str],
    now: datetime,
    release: str | None,
) -> list[Notification]:
    ordered = sorted(due, key=lambda each: list(Event).index(each.event))
    grouped = groupby(ordered, key=lambda each: each.event)
    found = [(event, list(those)) for event, those in grouped]
    notifications = [
        Notification(
            event=event,
            company=settings.company,
            happened_at=now,
            release=release,
            items=[each.trouble for each in those],
            subjects=[each.key for each in those],
        )
        for event, those in found
    ]
    if ended:
        items = [Trouble(what=f"ended: {key}", where="", mend="") for key in ended]
        notifications.append(
            Notification(Event.RECOVERED, settings.company, now, release, items, ended)
        )
    return notifications


def _try(
    settings: Settings,
    channel: Channel,
    notification: Notification,
    *,
    now: datetime,
    send: Send,
) -> Told:
    trouble = None
    try:
        send(channel, notification)
    except SendingError as error:
        trouble = str(error)
    told = Told(
        at=now,
        event=notification.event,
        subjects=list(notification.subjects),
        channel=channel.name,
        trouble=trouble,
    )
    write_told(settings, told)
    return told


def _parsed(line: bytes) -> Told | None:
    try:
        return Told.model_validate_json(line)
    except ValidationError:
        return None
