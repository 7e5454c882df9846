"""What counted pairs make a level weigh: the shares m and u of Fellegi and Sunter."""

from collections.abc import Iterable, Mapping, Sequence

from warehouse.identity.matching.levels import (
    LEAST_MATES,
    SMOOTHING,
    Comparison,
    Design,
)
from warehouse.identity.matching.training_pairs import Pattern

DIGITS = 6

Shares = dict[int, tuple[float, float]]
"""The shares m and u by index of the level."""


def learnt(
    design: Design,
    strangers: Sequence[Pattern],
    labelled: Sequence[Pattern],
    mates: Sequence[Pattern],
) -> list[Shares]:
    """Return the shares of every level, comparison by comparison.

    Args:
        design: What is decided about the model.
        strangers: Levels of pairs of different customers.
        labelled: Levels of pairs that share a strong key.
        mates: Levels of pairs of one address.
    """
    names = [one.name for one in design.comparisons]
    name, home = names.index("name"), names.index(design.home)
    at_home = len(design.comparisons[home].levels) - 2
    others = [one for one in mates if one[1][name] == 0]
    learnt = []
    for place, one in enumerate(design.comparisons):
        bits = _bits(design, one.name)
        own = [pattern for pattern in labelled if pattern[0] & bits]
        shares = _shares(one, _counts(strangers, place), _counts(own, place))
        housed = [pattern for pattern in own if pattern[1][home] >= at_home]
        learnt.append(
            _against_mates(one, shares, _counts(housed, place), _counts(others, place))
        )
    return learnt


def _bits(design: Design, comparison: str) -> int:
    return sum(
        1 << place
        for place, label in enumerate(design.labels)
        if comparison in label.trains
    )


def _counts(found: Iterable[Pattern], place: int) -> dict[int, int]:
    counts: dict[int, int] = {}
    for _, levels, pairs in found:
        counts[levels[place]] = counts.get(levels[place], 0) + pairs
    counts.pop(-1, None)
    return counts


def _shares(
    one: Comparison, apart: Mapping[int, int], same: Mapping[int, int]
) -> Shares:
    top = len(one.levels) - 1
    assumed = sum(level.assumed_m for level in one.levels)
    strangers = sum(apart.values())
    m, u = {}, {}
    for place, level in enumerate(one.levels):
        index = top - place
        expected = SMOOTHING * level.assumed_m / assumed
        share = (same.get(index, 0) + expected) / (sum(same.values()) + SMOOTHING)
        m[index] = max(share, level.least_m)
        unseen = 1.0 if index == 0 and not strangers else 0.0
        among = apart.get(index, 0) / strangers if strangers else unseen
        u[index] = max(among, level.least_u)
        if level.is_no_evidence:
            m[index] = u[index]
    return {
        index: (rounded(m[index] / sum(m.values())), rounded(u[index])) for index in m
    }


def _against_mates(
    one: Comparison,
    shares: Shares,
    same: Mapping[int, int],
    others: Mapping[int, int],
) -> Shares:
    """Weigh what a home shares against pairs of one home whose names differ."""
    top = len(one.levels) - 1
    weighed = dict(shares)
    for place, level in enumerate(one.levels):
        index, m = top - place, shares[top - place][0]
        if level.is_no_evidence:
            weighed[index] = (m, m)
        if level.shared_by_mates:
            of_mates = _smoothed(others, index, level.shared_by_mates)
            of_same = _smoothed(same, index, 2 * level.assumed_m)
            ratio = max(of_mates, LEAST_MATES) / of_same
            weighed[index] = (m, rounded(m * min(ratio, 1.0)))
    return weighed


def _smoothed(counts: Mapping[int, int], index: int, assumed: float) -> float:
    held = counts.get(index, 0) + SMOOTHING * min(assumed, 1.0)
    return held / (sum(counts.values()) + SMOOTHING)


def rounded(share: float) -> float:
    """Return a share as it is kept: six digits that count."""
    return float(f"{share:.{DIGITS}g}")
