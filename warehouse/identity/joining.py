"""Records joined link by link, the most believed first, as far as the guards let them.

A must overrules a source that holds nobody twice, and dates of birth. Nothing but its
own withdrawal overrules a never.
"""

import operator
from collections.abc import Callable
from itertools import product

import numpy as np

from warehouse.identity.evidence import NOBODY, Bans, Births, Integers, Links
from warehouse.identity.near_dates import is_slip
from warehouse.identity.policy import (
    BIRTH_DATE,
    EMAIL_AND_NAME,
    MUST,
    NEVER,
    SIMILAR,
    UNIQUE_SOURCE,
)

DATED = {EMAIL_AND_NAME: operator.eq, SIMILAR: is_slip}
"""When two dates of birth agree, by rule that they may refute. The model has weighed a
slip of the hand already, a key has not."""


class Joining:
    """The clusters of doubtful components, being formed.

    Attributes:
        reason: For each link that was refused, position of the reason; -1 for others.
    """

    def __init__(
        self, rows: Integers, unique_source: Integers, births: Births, bans: Bans
    ) -> None:
        """Start with every record alone.

        Args:
            rows: The records of doubtful components.
            unique_source: The unique source of every record, or -1.
            births: The dates of birth that hold for any record.
            bans: The bans that hold between any records.
        """
        self._parent = {row: row for row in rows.tolist()}
        self._sources = {
            row: {source} - {NOBODY}
            for row, source in zip(
                rows.tolist(), unique_source[rows].tolist(), strict=True
            )
        }
        self._days: dict[int, set[int]] = {row: set() for row in self._parent}
        for row, day in zip(births.record.tolist(), births.day.tolist(), strict=True):
            if row in self._days:
                self._days[row].add(day)
        self._banned: dict[int, set[int]] = {row: set() for row in self._parent}
        for left, right in zip(bans.left.tolist(), bans.right.tolist(), strict=True):
            if left in self._banned and right in self._banned:
                self._banned[left].add(right)
                self._banned[right].add(left)
        self.reason = np.empty(0, dtype=np.int64)

    def founders(self, rows: Integers, links: Links) -> Integers:
        """Join along the links, in their order, and return each row's founder."""
        reasons = [
            self._join(self._root(left), self._root(right), rule)
            for left, right, rule in zip(
                links.left.tolist(),
                links.right.tolist(),
                links.rule.tolist(),
                strict=True,
            )
        ]
        self.reason = np.array(reasons, dtype=np.int64)
        return np.array([self._root(row) for row in rows.tolist()], dtype=np.int64)

    def _root(self, row: int) -> int:
        while self._parent[row] != row:
            self._parent[row] = row = self._parent[self._parent[row]]
        return row

    def _join(self, one: int, other: int, rule: int) -> int:
        """Join two clusters, or return why not."""
        if one == other:
            return NOBODY
        if any(self._root(row) == other for row in self._banned[one]):
            return NEVER
        if rule != MUST and self._sources[one] & self._sources[other]:
            return UNIQUE_SOURCE
        if rule in DATED and self._is_refuted(one, other, DATED[rule]):
            return BIRTH_DATE
        founder, joined = min(one, other), max(one, other)
        self._parent[joined] = founder
        for held in (self._sources, self._days, self._banned):
            held[founder] |= held[joined]
        return NOBODY

    def _is_refuted(self, one: int, other: int, agree: Callable[..., bool]) -> bool:
        """Tell whether both sides state dates of birth, none like another."""
        pairs = list(product(self._days[one], self._days[other]))
        return bool(pairs) and not any(agree(*pair) for pair in pairs)
