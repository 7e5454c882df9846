"""What begins on one day and goes on for weeks: tickets, deals.

The whole course of each is drawn where it begins, so any later day can be told from the
days before it without remembering them.
"""

from collections.abc import Sequence

import numpy as np

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import Column, either, moment
from warehouse.demo.known import DAY, FIRST_DAY

BEFORE = -1
"""Stands for the days before the demo, of which its first day tells."""
DAYS_BEFORE = 730
HOUR = 3_600
LOCAL = 8 * HOUR
"""How far the company's clocks are before UTC."""
NOT_YET = np.iinfo(np.int64).max


def beginnings(on_day: int, *, longest: int) -> range:
    """Return on which days things began that may still go on, `BEFORE` among them.

    Args:
        on_day: The day that is told of.
        longest: After how many days everything is over.
    """
    return range(max(on_day - longest, BEFORE), on_day + 1)


def seconds(
    stream: np.random.Generator,
    begun: int,
    count: int,
    *,
    days_before: int = DAYS_BEFORE,
    hours: tuple[int, int] = (8, 21),
) -> Integers:
    """Draw when things began (UTC), in opening hours of their day.

    Args:
        stream: The chance of this part.
        begun: The day, or `BEFORE`.
        count: How many.
        days_before: How far back `BEFORE` reaches.
        hours: The first hour and the one after the last, local time.
    """
    within = stream.integers(hours[0] * HOUR, hours[1] * HOUR, count)
    day = begun if begun != BEFORE else stream.integers(-days_before, 0, count)
    at: Integers = (FIRST_DAY + day) * DAY + within - LOCAL
    return at


def weighted(
    stream: np.random.Generator, weights: Sequence[int], count: int
) -> Integers:
    """Draw ordinals of weights, each as often as it weighs."""
    edges = np.cumsum(weights)
    drawn = stream.random(count) * edges[-1]
    ordinal: Integers = np.searchsorted(edges, drawn, side="right")
    return ordinal


def end_of(on_day: int) -> int:
    """Return the second (UTC) at which a local day ends."""
    return (FIRST_DAY + on_day + 1) * DAY - LOCAL


def falls_on(at: Integers, on_day: int) -> Flags:
    """Return what the delivery of a day tells of; the first tells of all before it."""
    begins = end_of(on_day - 1) if on_day else 0
    flags: Flags = (at >= begins) & (at < end_of(on_day))
    return flags


def local_moment(at: Integers, *, until: int = NOT_YET) -> Column:
    """Return moments in local time with their offset, empty for those to come."""
    told = at < until
    return either(told, moment(np.where(told, at, 0) + LOCAL, suffix="+08:00"), "")
