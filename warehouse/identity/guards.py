"""Where linked records are not one customer after all.

Likeness alone makes no customer of too many records, and does not hold two groups of
records together unless it is very probable. What is left is joined as it stands, but
for the components that a ban, a source without doubles or dates of birth may divide.
"""

from collections.abc import Iterator

import networkx
import numpy as np

from warehouse.identity.evidence import (
    NOBODY,
    Bans,
    Births,
    Flags,
    Integers,
    Links,
)
from warehouse.identity.islands import components, grouped
from warehouse.identity.policy import (
    BRIDGE_FROM,
    EMAIL_AND_NAME,
    MAXIMUM_CLUSTER,
    SIMILAR,
)

SMALLEST_GROUP = 2
"""A bridge to a record alone is its only evidence, not a doubtful one."""


def oversized(count: int, links: Links) -> Flags:
    """Mark the likenesses of components that are larger than a customer may be.

    Args:
        count: How many records there are.
        links: The links between them.
    """
    component = components(count, links.left, links.right)
    size = np.bincount(component, minlength=count)
    marked: Flags = (links.rule == SIMILAR) & (
        size[component[links.left]] > MAXIMUM_CLUSTER
    )
    return marked


def weak_bridges(count: int, links: Links) -> Flags:
    """Mark the likenesses that alone hold two groups together, but are too weak for it.

    The weakest goes first; where several are in a row, what is left may hold.

    Args:
        count: How many records there are.
        links: The links between them, in the order of belief.
    """
    marked: Flags = np.zeros(len(links.left), dtype=bool)
    is_weak = (links.rule == SIMILAR) & (links.probability < BRIDGE_FROM)
    if not is_weak.any():
        return marked
    low, high = np.minimum(links.left, links.right), np.maximum(links.left, links.right)
    _, strongest, pair = np.unique(
        low * count + high, return_index=True, return_inverse=True
    )
    ends = np.concatenate([low[strongest], high[strongest]])
    neighbours = np.bincount(ends, minlength=count)
    is_bridging = is_weak[strongest] & (
        np.minimum(neighbours[low[strongest]], neighbours[high[strongest]])
        >= SMALLEST_GROUP
    )
    if not is_bridging.any():
        return marked
    component = components(count, low[strongest], high[strongest])[low[strongest]]
    doubtful = np.unique(component[is_bridging])
    edges = grouped(component, count)
    dropped = [
        weak
        for number in doubtful.tolist()
        for weak in _dropped(links, strongest[edges.of(np.array([number]))], is_weak)
    ]
    marked[np.isin(pair, pair[np.array(dropped, dtype=np.int64)])] = True
    return marked


def _dropped(links: Links, inside: Integers, is_weak: Flags) -> Iterator[int]:
    """Yield the strongest link of each pair that is to be dropped, weakest first."""
    graph = networkx.Graph()
    for position, left, right in zip(
        inside.tolist(),
        links.left[inside].tolist(),
        links.right[inside].tolist(),
        strict=True,
    ):
        graph.add_edge(left, right, position=position)
    bridges = {graph.edges[bridge]["position"] for bridge in networkx.bridges(graph)}
    for position in sorted(bridges, reverse=True):
        if not is_weak[position]:
            continue
        left, right = int(links.left[position]), int(links.right[position])
        graph.remove_edge(left, right)
        sides = (networkx.node_connected_component(graph, end) for end in (left, right))
        if min(len(side) for side in sides) >= SMALLEST_GROUP:
            yield position
        else:
            graph.add_edge(left, right, position=position)


def doubtful_components(
    component: Integers,
    unique_source: Integers,
    links: Links,
    births: Births,
    bans: Bans,
) -> Flags:
    """Mark the components that have to be joined link by link.

    Args:
        component: Component of each record.
        unique_source: Unique source of each record, or -1.
        links: The links that hold.
        births: The dates of birth that hold.
        bans: The bans that hold.

    Returns:
        One flag for each number that a component may have.
    """
    flags: Flags = np.zeros(len(component), dtype=bool)
    unique = np.flatnonzero(unique_source != NOBODY)
    theirs = component[unique]
    flags[_neighbours(theirs, unique_source[unique], alike=True)] = True
    refutable = np.isin(links.rule, (EMAIL_AND_NAME, SIMILAR))
    concerned = np.zeros(len(component), dtype=bool)
    concerned[component[links.left[refutable]]] = True
    theirs = component[births.record]
    theirs, day = theirs[concerned[theirs]], births.day[concerned[theirs]]
    flags[_neighbours(theirs, day, alike=False)] = True
    left, right = component[bans.left], component[bans.right]
    flags[left[left == right]] = True
    return flags


def _neighbours(group: Integers, value: Integers, *, alike: bool) -> Integers:
    """Return the groups that hold a value twice, or more values than one."""
    order = np.lexsort((value, group))
    group, value = group[order], value[order]
    found = (group[1:] == group[:-1]) & ((value[1:] == value[:-1]) == alike)
    repeated: Integers = group[1:][found]
    return repeated
