"""The algorithm: evidence in, load by load, identity changes out.

A load touches the islands in which a record, a link, a ban or a date of birth is new or
gone; only these are formed again, and every other cluster stays as it was. What holds
at a load alone decides the clusters, so that taking something back restores them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from warehouse.identity.evidence import (
    NOBODY,
    Bans,
    Births,
    Dated,
    Floats,
    Integers,
    Links,
    Records,
    holds_at,
)
from warehouse.identity.guards import doubtful_components, oversized, weak_bridges
from warehouse.identity.islands import components, grouped
from warehouse.identity.joining import Joining
from warehouse.identity.policy import RULES, TOO_LARGE, WEAK_BRIDGE

UNLINKED = len(RULES)
"""Stands for the rule of a record that is linked to no other."""


@dataclass(frozen=True)
class Changes:
    """What one load changed; records as positions.

    Attributes:
        load: The load.
        record: Who moved.
        founder: Founder of the cluster moved to.
        previous: Founder of the cluster left, or -1 for a record that is new.
        rule: Position of the strongest rule that links it there.
        probability: How probable that link is; 1 for a record alone.
        new: Customers that new records founded.
        split: Customers divided off another.
        merged: Customers that became part of another.
        item: Pairs (by rule) that are held back, or are so no longer.
        reason: Position of the reason for each, or -1 for one held back no longer.
        item_probability: How probable each link is.
    """

    load: int
    record: Integers
    founder: Integers
    previous: Integers
    rule: Integers
    probability: Floats
    new: int
    split: int
    merged: int
    item: Integers
    reason: Integers
    item_probability: Floats


class Replay:
    """The clusters of some records, carried from load to load."""

    def __init__(
        self,
        records: Records,
        links: Links,
        births: Births,
        bans: Bans,
        *,
        reason: Integers,
    ) -> None:
        """Lay the evidence out by island.

        Args:
            records: Who takes part.
            links: What brings them together, or would if it were not held back.
            births: What keeps some of them apart.
            bans: What keeps others apart.
            reason: Per item of the links, why it was held back before, or -1.
        """
        self._records = records
        self._links = links
        self._births = births
        self._bans = bans
        self._founder = records.founder.copy()
        self._reason = reason.copy()
        self._lay_out()

    def _lay_out(self) -> None:
        links, count = self._links, len(self._records.number)
        joins = np.flatnonzero(links.reason == NOBODY)
        listed = np.flatnonzero(links.reason != NOBODY)
        island = components(count, links.left[joins], links.right[joins])
        self._island = island
        self._rows = grouped(island, count)
        self._joins, self._joins_of = joins, grouped(island[links.left[joins]], count)
        self._listed = np.concatenate([listed, listed])
        self._listed_of = grouped(
            np.concatenate([island[links.left[listed]], island[links.right[listed]]]),
            count,
        )
        self._births_of = grouped(island[self._births.record], count)
        self._bans_of = grouped(island[self._bans.left], count)

    def run(self, loads: list[int]) -> Iterator[Changes]:
        """Yield what each load changed; the loads in their order."""
        rows, at = self._events()
        starts = np.searchsorted(at, loads, side="left")
        ends = np.searchsorted(at, loads, side="right")
        for load, start, end in zip(loads, starts, ends, strict=True):
            touched = np.unique(self._island[rows[start:end]])
            yield self._step(load, touched)

    def _events(self) -> tuple[Integers, Integers]:
        """Return the records that something happens to, and the loads, in order."""
        links, births, bans = self._links, self._births, self._bans
        happens: list[tuple[Integers, Dated]] = [
            (links.left, links),
            (links.right, links),
            (births.record, births),
            (bans.left, bans),
        ]
        rows = np.concatenate(
            [
                np.arange(len(self._records.number)),
                *(np.tile(row, 2) for row, _ in happens),
            ]
        )
        loads = np.concatenate(
            [
                self._records.first_load,
                *(np.concatenate([dated.since, dated.until]) for _, dated in happens),
            ]
        )
        near = ~self._records.is_far[rows]
        order = np.argsort(loads[near], kind="stable")
        return rows[near][order], loads[near][order]

    def _step(self, load: int, islands: Integers) -> Changes:
        rows = self._rows.of(islands)
        rows = rows[self._records.first_load[rows] <= load]
        joins = self._links.only(self._joins[self._joins_of.of(islands)])
        links = joins.only(holds_at(joins, load))
        cluster, reason = self._divided(rows, links, islands, load)
        strongest = _strongest(cluster, _local(rows, links), reason)
        before, after = self._founder[rows], rows[cluster]
        self._founder[rows] = after
        moved = before != after
        appeared = np.setdiff1d(after, before)
        new = int((after[before == NOBODY] == rows[before == NOBODY]).sum())
        rule = np.append(links.rule, UNLINKED)[strongest[moved]]
        held = self._held(islands, joins, links, reason, load)
        return Changes(
            load=load,
            record=rows[moved],
            founder=after[moved],
            previous=before[moved],
            rule=rule,
            probability=np.append(links.probability, 1.0)[strongest[moved]],
            new=new,
            split=len(appeared) - new,
            merged=len(np.setdiff1d(before[before != NOBODY], after)),
            item=held[0],
            reason=held[1],
            item_probability=held[2],
        )

    def _divided(
        self, rows: Integers, links: Links, islands: Integers, load: int
    ) -> tuple[Integers, Integers]:
        """Return each row's founder among the rows, and why links were refused."""
        reason = np.full(len(links.left), NOBODY)
        local, births, bans = self._kept_apart(rows, links, islands, load)
        reason[oversized(len(rows), local)] = TOO_LARGE
        left = np.flatnonzero(reason == NOBODY)
        reason[left[weak_bridges(len(rows), local.only(left))]] = WEAK_BRIDGE
        left = np.flatnonzero(reason == NOBODY)
        joined = local.only(left)
        cluster = components(len(rows), joined.left, joined.right)
        unique = self._records.unique_source[rows]
        flags = doubtful_components(cluster, unique, joined, births, bans)
        doubtful = np.flatnonzero(flags[cluster])
        if len(doubtful):
            theirs = flags[cluster[joined.left]]
            joining = Joining(doubtful, unique, births, bans)
            cluster[doubtful] = joining.founders(doubtful, joined.only(theirs))
            reason[left[theirs]] = joining.reason
        return cluster, reason

    def _kept_apart(
        self, rows: Integers, links: Links, islands: Integers, load: int
    ) -> tuple[Links, Births, Bans]:
        """Return what holds at a load, by position among the rows."""
        births = self._births.only(self._births_of.of(islands))
        births = births.only(holds_at(births, load))
        bans = self._bans.only(self._bans_of.of(islands))
        bans = bans.only(
            holds_at(bans, load) & np.isin(bans.left, rows) & np.isin(bans.right, rows)
        )
        return (
            _local(rows, links),
            Births(
                np.searchsorted(rows, births.record),
                births.day,
                births.since,
                births.until,
            ),
            Bans(
                np.searchsorted(rows, bans.left),
                np.searchsorted(rows, bans.right),
                bans.since,
                bans.until,
            ),
        )

    def _held(
        self,
        islands: Integers,
        joins: Links,
        links: Links,
        refused: Integers,
        load: int,
    ) -> tuple[Integers, Integers, Floats]:
        """Return the items whose reason for being held back changed."""
        near = np.unique(self._listed[self._listed_of.of(islands)])
        listed = self._links.only(near)
        items = np.unique(np.concatenate([joins.item, listed.item]))
        held = listed.only(holds_at(listed, load))
        item = np.concatenate([links.item, held.item])
        why = np.concatenate([refused, held.reason])
        probability = np.concatenate([links.probability, held.probability])
        ends = np.stack(
            [np.append(links.left, held.left), np.append(links.right, held.right)]
        )
        apart = (why != NOBODY) & (self._founder[ends[0]] != self._founder[ends[1]])
        item, why, probability = item[apart], why[apart], probability[apart]
        order = np.lexsort((why, -probability, item))
        first = order[np.unique(item[order], return_index=True)[1]]
        now = np.full(len(items), NOBODY)
        likely = np.ones(len(items))
        found = np.searchsorted(items, item[first])
        now[found], likely[found] = why[first], probability[first]
        changed = now != self._reason[items]
        self._reason[items] = now
        return items[changed], now[changed], likely[changed]


def _local(rows: Integers, links: Links) -> Links:
    return Links(
        np.searchsorted(rows, links.left),
        np.searchsorted(rows, links.right),
        links.rule,
        links.probability,
        links.reason,
        links.item,
        links.since,
        links.until,
    )


def _strongest(cluster: Integers, links: Links, reason: Integers) -> Integers:
    """Return the most believed link of each record with one of its own cluster.

    One past the last link stands for none.
    """
    strongest = np.full(len(cluster), len(links.left), dtype=np.int64)
    before_joining = np.isin(reason, (TOO_LARGE, WEAK_BRIDGE))
    inside = np.flatnonzero(
        (cluster[links.left] == cluster[links.right]) & ~before_joining
    )
    np.minimum.at(strongest, links.left[inside], inside)
    np.minimum.at(strongest, links.right[inside], inside)
    return strongest
