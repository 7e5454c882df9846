"""The shapes of evidence that the algorithm reads: numbers only, no personal data.

Records are numbered in the order in which they became known, so that the founder of a
cluster is its lowest number. What a load made known or took back holds from one load
until another.
"""

from dataclasses import dataclass, fields
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FOREVER = int(np.iinfo(np.int64).max)
"""Stands for the load at which what holds to this day ends."""

NOBODY = -1
"""Stands for no founder, for no unique source and for no reason."""


@dataclass(frozen=True)
class Records:
    """The records that may be linked.

    Attributes:
        number: Their numbers in the database.
        first_load: Load that first delivered each.
        unique_source: Number of its source where that holds no customer twice, or -1.
        founder: Position of the founder of its cluster before the replay, or -1.
        is_far: True for one that is here only as the far end of a link held back;
            its own cluster is not replayed.
    """

    number: Integers
    first_load: Integers
    unique_source: Integers
    founder: Integers
    is_far: Flags


@dataclass(frozen=True)
class Chosen:
    """Columns of equal length, from which rows can be chosen."""

    def only(self, chosen: Flags | Integers) -> Self:
        """Return the chosen rows."""
        columns = [getattr(self, field.name)[chosen] for field in fields(self)]
        return type(self)(*columns)


@dataclass(frozen=True)
class Links(Chosen):
    """What speaks for pairs of records being one customer, in the order of belief.

    Attributes:
        left: Position of one record of each pair.
        right: Position of the other.
        rule: Position of its rule in the policy.
        probability: How probable it makes them one customer; 1 for a key.
        reason: Position of the reason why it joins nobody, or -1.
        item: Number of pair and rule, for which one reason is logged.
        since: First load at which it holds.
        until: First load at which it does so no longer.
    """

    left: Integers
    right: Integers
    rule: Integers
    probability: Floats
    reason: Integers
    item: Integers
    since: Integers
    until: Integers


@dataclass(frozen=True)
class Bans(Chosen):
    """Pairs of positions of records that a steward said are never one customer."""

    left: Integers
    right: Integers
    since: Integers
    until: Integers


@dataclass(frozen=True)
class Births(Chosen):
    """Dates of birth, in days, that records hold from one load until another."""

    record: Integers
    day: Integers
    since: Integers
    until: Integers


class Dated(Protocol):
    """What holds from one load until another."""

    @property
    def since(self) -> Integers:
        """First load at which it holds."""
        ...

    @property
    def until(self) -> Integers:
        """First load at which it holds no longer."""
        ...


def holds_at(dated: Dated, load: int) -> Flags:
    """Mark what holds at a load."""
    held: Flags = (dated.since <= load) & (load < dated.until)
    return held
