"""Which records can ever meet, so that a load looks at those alone.

An island is a set of records that links reach within, at whatever load they hold. It
never changes, so that records and links are laid out by island once, and the work of a
load is proportional to the islands that it touches.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from warehouse.identity.evidence import Integers


@dataclass(frozen=True)
class Grouping:
    """Things laid out by the group that they belong to.

    Attributes:
        order: Positions of the things, group by group, in their own order within.
        start: Where each group begins in that order; one more where the last ends.
    """

    order: Integers
    start: Integers

    def of(self, groups: Integers) -> Integers:
        """Return the positions of the things of some groups, ascending."""
        starts, counts = self.start[groups], self.start[groups + 1] - self.start[groups]
        shift = np.repeat(starts - (np.cumsum(counts) - counts), counts)
        return np.sort(self.order[shift + np.arange(len(shift))])


def grouped(group: Integers, count: int) -> Grouping:
    """Lay things out by the number of their group, below a count."""
    start = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(group, minlength=count), out=start[1:])
    return Grouping(np.argsort(group, kind="stable"), start)


def components(count: int, left: Integers, right: Integers) -> Integers:
    """Return for each of some positions the lowest one that the pairs lead to."""
    graph = coo_array(
        (np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count)
    )
    _, labels = connected_components(graph, directed=False)
    _, first = np.unique(labels, return_index=True)
    lowest: Integers = first[labels].astype(np.int64)
    return lowest
