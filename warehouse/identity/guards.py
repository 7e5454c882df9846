"""Where linked records are not one customer after all.

Two guards divide a component: a source that holds no customer twice, and dates of birth
that refute an e-mail and name. Components that neither may concern are left as they
are; the few others are joined again link by link, the most believed first.
"""

import numpy as np

from warehouse.identity.evidence import NOBODY, Births, Flags, Integers, Links, Records
from warehouse.identity.policy import EMAIL_AND_NAME


def doubtful_components(
    component: Integers, records: Records, links: Links, births: Births
) -> Flags:
    """Mark the components that a guard may have to divide.

    Args:
        component: Component of each record.
        records: The records.
        links: The links that hold.
        births: The dates of birth that hold.

    Returns:
        One flag for each number that a component may have.
    """
    flags: Flags = np.zeros(len(component), dtype=bool)
    unique = np.flatnonzero(records.unique_source != NOBODY)
    sources = np.stack([component[unique], records.unique_source[unique]])
    pairs, counts = np.unique(sources, axis=1, return_counts=True)
    flags[pairs[0][counts > 1]] = True

    days = np.unique(np.stack([component[births.record], births.day]), axis=1)
    components, counts = np.unique(days[0], return_counts=True)
    refutable = component[links.left[links.rule == EMAIL_AND_NAME]]
    flags[np.intersect1d(components[counts > 1], refutable)] = True
    return flags


class Joining:
    """Records being joined link by link, as far as the guards let them."""

    def __init__(self, rows: Integers, records: Records, births: Births) -> None:
        """Start with every record alone.

        Args:
            rows: Positions of the records of doubtful components.
            records: The records.
            births: The dates of birth that hold.
        """
        self._parent = {row: row for row in rows.tolist()}
        self._sources = {
            row: {source} - {NOBODY}
            for row, source in zip(
                rows.tolist(), records.unique_source[rows].tolist(), strict=True
            )
        }
        self._days: dict[int, set[int]] = {row: set() for row in self._parent}
        concerned = np.isin(births.record, rows)
        for row, day in zip(
            births.record[concerned].tolist(),
            births.day[concerned].tolist(),
            strict=True,
        ):
            self._days[row].add(day)

    def founders(self, rows: Integers, links: Links) -> Integers:
        """Join along the links, in their order, and return each row's founder."""
        for left, right, rule in zip(
            links.left.tolist(), links.right.tolist(), links.rule.tolist(), strict=True
        ):
            self._join(self._root(left), self._root(right), rule)
        return np.array([self._root(row) for row in rows.tolist()], dtype=np.int64)

    def _root(self, row: int) -> int:
        while self._parent[row] != row:
            self._parent[row] = row = self._parent[self._parent[row]]
        return row

    def _join(self, one: int, other: int, rule: int) -> None:
        if one == other or self._sources[one] & self._sources[other]:
            return
        days, other_days = self._days[one], self._days[other]
        is_refuted = days and other_days and not days & other_days
        if rule == EMAIL_AND_NAME and is_refuted:
            return
        founder, joined = min(one, other), max(one, other)
        self._parent[joined] = founder
        self._sources[founder] |= self._sources[joined]
        self._days[founder] |= self._days[joined]
