"""The shapes of evidence that the algorithm reads: numbers only, no personal data.

Records are numbered in the order in which they became known, so that the founder of a
cluster is its lowest number. What a load made known or took back holds from one load
until another.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOBODY = -1
"""Stands for no founder and for no unique source."""


@dataclass(frozen=True)
class Records:
    """The records that may be linked.

    Attributes:
        number: Their numbers in the database.
        first_load: Load that first delivered each.
        unique_source: Number of its source where that holds no customer twice, or -1.
        founder: Position of the founder of its cluster before the replay, or -1.
    """

    number: Integers
    first_load: Integers
    unique_source: Integers
    founder: Integers


@dataclass(frozen=True)
class Links:
    """Pairs of positions of records that share a key, in the order of belief.

    Attributes:
        left: One record of each pair.
        right: The other.
        rule: Position of its rule in the policy.
        since: First load at which both hold the key.
        until: First load at which they do so no longer.
    """

    left: Integers
    right: Integers
    rule: Integers
    since: Integers
    until: Integers


@dataclass(frozen=True)
class Births:
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


def changes_at(dated: Dated, load: int) -> Flags:
    """Mark what begins or ends at a load."""
    changed: Flags = (dated.since == load) | (dated.until == load)
    return changed
