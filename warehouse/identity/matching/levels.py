"""The shape of a model: comparisons, their levels, and what trains them.

A comparison is a part of two records that is judged once (a name, a home). Its levels
are tried from the strongest down, and the first that fits counts. The words of a level
are what a steward reads: they name no value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SMOOTHING = 20
"""How many pairs the assumed shares of a level are worth beside those of training."""


@dataclass(frozen=True)
class Level:
    """One degree of agreement.

    Attributes:
        condition: When it fits, in SQL over columns that end in `_l` and `_r`.
        words: What it says to a steward.
        assumed_m: Share among pairs of one customer, where training shows nothing.
        least_m: Share among them that is believed at least. Contradictions are rarer
            in any training set than in the life of the next company.
        least_u: Share among pairs of different customers that is believed at least.
        least_u_of_unknown: The same where it is not known how common names are. Among
            pairs of one name those of the commonest prevail, and they are of an age.
        frequency_of: Column whose rare values say more, or empty.
        at_home: Whether it is for pairs that share a home only, or for others only;
            None where that does not matter. Its share m is one among such pairs.
        least_of_mates: How often two people of one home reach it, at least: a level at
            home is weighed against them, and not against strangers.
        is_no_evidence: Whether it speaks neither for nor against.
    """

    condition: str
    words: str
    assumed_m: float
    least_m: float = 0.0005
    least_u: float = 1e-7
    least_u_of_unknown: float = 0.0
    frequency_of: str = ""
    at_home: bool | None = None
    least_of_mates: float = 0.0
    is_no_evidence: bool = False


@dataclass(frozen=True)
class Comparison:
    """What is judged once, with its levels from the strongest to `else`.

    Attributes:
        name: Its name in the levels of a pair.
        is_absent: When nothing can be said, in SQL.
        levels: The levels, strongest first; the last one's condition is `else`.
        home: From which level of which comparison on a pair shares a home, as the
            conditions of this comparison see it; any of them is enough.
    """

    name: str
    is_absent: str
    levels: tuple[Level, ...]
    home: tuple[tuple[str, int], ...] = ()

    @property
    def words(self) -> dict[int, str]:
        """Return what each level says, by the index that Splink gives it."""
        count = len(self.levels)
        return {count - 1 - place: lv.words for place, lv in enumerate(self.levels)}

    def settings(
        self, trained: Mapping[int, tuple[float, float]], *, frequent: tuple[str, ...]
    ) -> dict[str, Any]:
        """Return the comparison as Splink reads it.

        Args:
            trained: The shares m and u by index of the level.
            frequent: The columns whose frequencies are known.
        """
        top = len(self.levels) - 1
        null = {
            "sql_condition": self.is_absent,
            "label_for_charts": "nothing to compare",
            "is_null_level": True,
        }
        levels = [
            _level_settings(level, *trained[top - place], frequent)
            for place, level in enumerate(self.levels)
        ]
        return {"output_column_name": self.name, "comparison_levels": [null, *levels]}


def _level_settings(
    level: Level, m: float, u: float, frequent: tuple[str, ...]
) -> dict[str, Any]:
    written = {
        "sql_condition": level.condition,
        "label_for_charts": level.words,
        "m_probability": m,
        "u_probability": u,
    }
    if level.frequency_of in frequent:
        written |= {
            "tf_adjustment_column": level.frequency_of,
            "tf_adjustment_weight": 1.0,
            "tf_minimum_u_value": level.least_u,
            "disable_tf_exact_match_detection": True,
        }
    return written


@dataclass(frozen=True)
class Label:
    """A strong key: pairs that share it are taken for one customer in training.

    Attributes:
        columns: What both hold.
        trains: The comparisons that do not look at those columns.
    """

    columns: tuple[str, ...]
    trains: tuple[str, ...]


@dataclass(frozen=True)
class Design:
    """What is decided about the model of one party kind before it is trained.

    Attributes:
        party_kind: The kind of party.
        comparisons: What is compared.
        blocking: Which columns must all be equal for a pair to be compared at all.
        labels: The strong keys of training.
        once: Further columns of which the sample of strangers holds no value twice.
        told_apart: By what two people of one home are known to be two, per comparison
            that is weighed against them: the other one's lowest level. Where nothing
            is stated, by the name.
        link_from: Probability from which two records of two sources are linked.
        link_within_from: The same for two records of one source: it has told them
            apart itself, so it takes more to say that it was wrong.
        review_from: Probability from which a steward is asked.
        keep_from: Probability from which a pair is kept.
    """

    party_kind: str
    comparisons: tuple[Comparison, ...]
    blocking: tuple[tuple[str, ...], ...]
    labels: tuple[Label, ...]
    once: tuple[tuple[str, ...], ...]
    told_apart: Mapping[str, str] = field(default_factory=dict)
    link_from: float = 0.9
    link_within_from: float = 0.99
    review_from: float = 0.5
    keep_from: float = 0.1
