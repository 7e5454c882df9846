"""What counted pairs make a level weigh: the shares m and u of Fellegi and Sunter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import not_

from warehouse.identity.matching.levels import SMOOTHING, Comparison, Design, Level
from warehouse.identity.matching.training_pairs import Pattern

DIGITS = 6
TURNS_OF_BELIEF = 4
"""Turns that take pairs of one customer out of those taken for strangers."""
MATES_MORE_OFTEN = 10
"""By how much people of one home may agree more often than is assumed: where more do,
they are mostly one person with two birth dates, one of them wrong."""

Shares = dict[int, tuple[float, float]]
"""The shares m and u by index of the level."""


@dataclass(frozen=True)
class Seen:
    """How many pairs reached each level of a comparison.

    Attributes:
        strangers: Among different customers.
        same: Among pairs that share a strong key.
        housed: Those of them that share a home.
        elsewhere: Those of them that do not.
        mates: Among different customers of one home.
    """

    strangers: Mapping[int, float]
    same: Mapping[int, float]
    housed: Mapping[int, float]
    elsewhere: Mapping[int, float]
    mates: Mapping[int, float]

    def among(self, level: Level) -> Mapping[int, float]:
        """Return the pairs of one customer that a level may be reached by."""
        if level.at_home is None:
            return self.same
        return self.housed if level.at_home else self.elsewhere


def learnt(
    design: Design,
    strangers: Sequence[Pattern],
    labelled: Sequence[Pattern],
    mates: Sequence[Pattern],
    *,
    with_frequencies: bool,
) -> list[Shares]:
    """Return the shares of every level, comparison by comparison.

    Args:
        design: What is decided about the model.
        strangers: Levels of pairs of different customers.
        labelled: Levels of pairs that share a strong key.
        mates: Levels of pairs of one address.
        with_frequencies: Whether the model will know how common names are.
    """
    names = [one.name for one in design.comparisons]
    learnt = []
    for place, one in enumerate(design.comparisons):
        bits = _bits(design, one.name)
        own = [pattern for pattern in labelled if pattern[0] & bits]
        homes = [(names.index(name), least) for name, least in one.home]
        at_home = [any(levels[of] >= at for of, at in homes) for _, levels, _ in own]
        told = names.index(design.told_apart.get(one.name, "name"))
        seen = Seen(
            strangers=_counts(strangers, place),
            same=_counts(own, place),
            housed=_counts(compress(own, at_home), place),
            elsewhere=_counts(compress(own, map(not_, at_home)), place),
            mates=_counts((each for each in mates if each[1][told] == 0), place),
        )
        learnt.append(_shares(one, seen, with_frequencies=with_frequencies))
    return learnt


def learnt_by_turns(
    design: Design,
    found: tuple[Sequence[Pattern], Sequence[Pattern], Sequence[Pattern]],
    records: int,
    *,
    with_frequencies: bool,
) -> list[Shares]:
    """Return the shares of every level, with pairs taken for strangers by belief only.

    Begins with people of one home as they are assumed to be. It is the expectation
    maximisation of Dempster, Laird and Rubin (1977), of u alone: m stays with the
    strong keys.

    Args:
        design: What is decided about the model.
        found: Levels of pairs of strangers, of pairs that share a strong key, and of
            pairs of one address.
        records: How many records there are.
        with_frequencies: Whether the model will know how common names are.
    """
    strangers, labelled, mates = found
    alike = sum(pairs for _, _, pairs in labelled)
    prior = max(alike, 1) / (records * (records - 1) / 2)
    shares = learnt(design, strangers, labelled, (), with_frequencies=with_frequencies)
    for _ in range(TURNS_OF_BELIEF):
        shares = learnt(
            design,
            _unlike(strangers, shares, prior),
            labelled,
            _unlike(mates, shares, prior),
            with_frequencies=with_frequencies,
        )
    return shares


def _unlike(
    found: Iterable[Pattern], shares: Sequence[Shares], prior: float
) -> list[Pattern]:
    """Return patterns with as many pairs as are of different customers, by belief.

    Pairs of one customer without a common strong key are among those that were taken
    for strangers; left there, they would make agreement look like chance.

    Args:
        found: Levels of pairs.
        shares: What each level weighs, comparison by comparison.
        prior: The share of pairs that are of one customer, among all.
    """
    left = []
    for labels, levels, pairs in found:
        odds = prior / (1 - prior)
        for weighed, level in zip(shares, levels, strict=True):
            if level >= 0:
                m, u = weighed[level]
                odds *= m / u
        left.append((labels, levels, pairs / (1 + odds)))
    return left


def _bits(design: Design, comparison: str) -> int:
    return sum(
        1 << place
        for place, label in enumerate(design.labels)
        if comparison in label.trains
    )


def _counts(found: Iterable[Pattern], place: int) -> dict[int, float]:
    counts: dict[int, float] = {}
    for _, levels, pairs in found:
        counts[levels[place]] = counts.get(levels[place], 0) + pairs
    counts.pop(-1, None)
    return counts


def _shares(one: Comparison, seen: Seen, *, with_frequencies: bool) -> Shares:
    top = len(one.levels) - 1
    shares = {}
    for place, level in enumerate(one.levels):
        index = top - place
        m = max(_smoothed(seen.among(level), index, level.assumed_m), level.least_m)
        if level.at_home:
            least = level.least_of_mates
            of_mates = _smoothed(seen.mates, index, least)
            u = min(max(of_mates, least), MATES_MORE_OFTEN * least)
        elif seen.strangers:
            share = seen.strangers.get(index, 0) / sum(seen.strangers.values())
            of_unknown = 0.0 if with_frequencies else level.least_u_of_unknown
            u = max(share, level.least_u, of_unknown)
        else:
            u = level.least_u if index else 1.0
        shares[index] = (rounded(u if level.is_no_evidence else m), rounded(u))
    return shares


def _smoothed(counts: Mapping[int, float], index: int, assumed: float) -> float:
    held = counts.get(index, 0) + SMOOTHING * assumed
    return held / (sum(counts.values()) + SMOOTHING)


def rounded(share: float) -> float:
    """Return a share as it is kept: six digits that count."""
    return float(f"{share:.{DIGITS}g}")
