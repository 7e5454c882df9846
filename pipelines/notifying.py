"""Operators are told what the status says is wrong: after a run, and when asked.

Whatever fails here is written down and never fails a night. The status is dear to load:
that waits until there is somebody to tell.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from warehouse.clock import Clock, SystemClock
from warehouse.company import Company
from warehouse.notifying.channels import Channel, open_channels, send_patiently
from warehouse.notifying.configuration import Notify
from warehouse.notifying.model import Event
from warehouse.notifying.telling import Send, Told, tell, tell_test, write_told
from warehouse.settings import Settings


def tell_operators(
    settings: Settings,
    company: Company,
    *,
    clock: Clock | None = None,
    send: Send = send_patiently,
) -> list[Told]:
    """Look at the warehouse, and tell what is new, lasting or well again.

    Args:
        settings: Where the company's data lies, and the secrets of the channels.
        company: Whom to tell, and how often.
        clock: Tells the present; the machine's own when not given.
        send: How one is sent.

    Returns:
        What was tried; nothing without a channel, or when nothing is to be told.
    """
    clock = clock or SystemClock()
    try:
        channels = open_channels(settings, company.notify)
        if not channels:
            return []
        return _look_and_tell(settings, company, channels, clock, send)
    except Exception as error:  # whatever it is, the night itself must not fail of it
        told = Told(
            at=clock.now(),
            event=Event.DATA_UNREADABLE,
            subjects=[],
            channel="none",
            trouble=f"the status could not be read: {type(error).__name__}",
        )
        with suppress(OSError):
            write_told(settings, told)
        return [told]


def _look_and_tell(
    settings: Settings,
    company: Company,
    channels: Sequence[Channel],
    clock: Clock,
    send: Send,
) -> list[Told]:
    from pipelines.status import read_status
    from pipelines.troubles import conditions

    status = read_status(settings, company, clock=clock)
    stated = company.notify or Notify()
    return tell(
        settings,
        channels,
        conditions(status),
        now=status.now,
        release=status.release,
        repeat_after=timedelta(hours=stated.repeat_after_hours),
        send=send,
    )


def test_channels(
    settings: Settings, company: Company, *, clock: Clock | None = None
) -> list[Told]:
    """Send a test by every channel.

    Returns:
        What was tried; nothing without a channel.
    """
    from pipelines.status import read_status

    channels = open_channels(settings, company.notify)
    status = read_status(settings, company, clock=clock)
    return tell_test(settings, channels, now=status.now, release=status.release)


@dataclass
class Telling:
    """What a block says of telling at its end."""

    is_left: bool = False
    """Whether it is left to somebody who tells later, and knows more."""


@contextmanager
def telling(settings: Settings, company: Company) -> Iterator[Telling]:
    """Tell operators when the block has ended, however it did, unless it leaves it."""
    later = Telling()
    try:
        yield later
    finally:
        if not later.is_left:
            tell_operators(settings, company)
