"""The algorithm: evidence in, load by load, identity changes out.

Each load touches the components in which a record, a link or a date of birth is new or
gone; only these are formed again, and every other cluster stays as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from warehouse.identity.evidence import (
    NOBODY,
    Births,
    Flags,
    Integers,
    Links,
    Records,
    changes_at,
    holds_at,
)
from warehouse.identity.guards import Joining, doubtful_components
from warehouse.identity.policy import RULES

UNLINKED = len(RULES)
"""Stands for the rule of a record that is linked to no other."""


@dataclass(frozen=True)
class Changes:
    """The records that one load moved, as positions.

    Attributes:
        load: The load.
        record: Who moved.
        founder: Founder of the cluster moved to.
        previous: Founder of the cluster left, or -1 for a record that is new.
        rule: Position of the strongest rule that links it there.
        new: Customers that new records founded.
        split: Customers divided off another.
        merged: Customers that became part of another.
    """

    load: int
    record: Integers
    founder: Integers
    previous: Integers
    rule: Integers
    new: int
    split: int
    merged: int


class Replay:
    """The clusters of some records, carried from load to load."""

    def __init__(
        self, records: Records, links: Links, births: Births, *, last_load: int
    ) -> None:
        """Form the components as they were before the replay.

        Args:
            records: Who takes part.
            links: What brings them together.
            births: What keeps some of them apart.
            last_load: Load at which `records.founder` held.
        """
        self._records = records
        self._links = links
        self._births = births
        self._founder = records.founder.copy()
        self._component = np.arange(len(records.number))
        self._component = _components(
            self._component, _only(links, holds_at(links, last_load))
        )

    def run(self, loads: list[int]) -> Iterator[Changes]:
        """Yield what each load changed; the loads in their order."""
        for load in loads:
            yield self._step(load)

    def _step(self, load: int) -> Changes:
        rows = self._touched(load)
        is_touched = np.zeros(len(self._founder), dtype=bool)
        is_touched[rows] = True
        held = holds_at(self._links, load) & is_touched[self._links.left]
        links = _only(self._links, held)
        self._component[rows] = _components(rows, links)
        cluster = self._divided(rows, links, is_touched, load)
        return self._moved(rows, cluster, _strongest_rule(cluster, links), load)

    def _touched(self, load: int) -> Integers:
        """Return every known record of a component that something changed in."""
        changed = self._records.first_load == load
        links = changes_at(self._links, load)
        changed[self._links.left[links]] = True
        changed[self._links.right[links]] = True
        changed[self._births.record[changes_at(self._births, load)]] = True
        is_hit = np.zeros(len(changed), dtype=bool)
        is_hit[self._component[changed]] = True
        is_known = self._records.first_load <= load
        return np.flatnonzero(is_hit[self._component] & is_known)

    def _divided(
        self, rows: Integers, links: Links, is_touched: Flags, load: int
    ) -> Integers:
        """Return the cluster of each record: its component, or less where guarded."""
        births = self._births
        held = holds_at(births, load) & is_touched[births.record]
        births = Births(
            births.record[held],
            births.day[held],
            births.since[held],
            births.until[held],
        )
        known = Records(
            self._records.number,
            self._records.first_load,
            np.where(is_touched, self._records.unique_source, NOBODY),
            self._founder,
        )
        flags = doubtful_components(self._component, known, links, births)
        cluster = self._component.copy()
        doubtful = rows[flags[self._component[rows]]]
        if len(doubtful):
            theirs = _only(links, flags[self._component[links.left]])
            joining = Joining(doubtful, known, births)
            cluster[doubtful] = joining.founders(doubtful, theirs)
        return cluster

    def _moved(
        self, rows: Integers, cluster: Integers, rule: Integers, load: int
    ) -> Changes:
        before, after = self._founder[rows], cluster[rows]
        moved = rows[before != after]
        appeared = np.setdiff1d(after, before)
        new = int((self._founder[appeared] == NOBODY).sum())
        changes = Changes(
            load=load,
            record=moved,
            founder=cluster[moved],
            previous=self._founder[moved],
            rule=rule[moved],
            new=new,
            split=len(appeared) - new,
            merged=len(np.setdiff1d(before[before != NOBODY], after)),
        )
        self._founder[rows] = after
        return changes


def _only(links: Links, chosen: Flags) -> Links:
    return Links(
        links.left[chosen],
        links.right[chosen],
        links.rule[chosen],
        links.since[chosen],
        links.until[chosen],
    )


def _components(rows: Integers, links: Links) -> Integers:
    """Return for each row the lowest row that links lead to; rows must ascend."""
    if not len(rows):
        return rows
    left = np.searchsorted(rows, links.left)
    right = np.searchsorted(rows, links.right)
    graph = coo_array(
        (np.ones(len(left), dtype=np.int64), (left, right)),
        shape=(len(rows), len(rows)),
    )
    _, labels = connected_components(graph, directed=False)
    _, first = np.unique(labels, return_index=True)
    lowest: Integers = rows[first][labels]
    return lowest


def _strongest_rule(cluster: Integers, links: Links) -> Integers:
    """Return the strongest rule that links each record to one of its own cluster."""
    rule = np.full(len(cluster), UNLINKED, dtype=np.int64)
    inside = cluster[links.left] == cluster[links.right]
    np.minimum.at(rule, links.left[inside], links.rule[inside])
    np.minimum.at(rule, links.right[inside], links.rule[inside])
    return rule
