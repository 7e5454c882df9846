"""A trained model as it is kept: all that decides a score, and nothing else.

It is written as JSON with keys in order and figures rounded, so that the same training
gives the same bytes. What it holds of values are the common ones only: those that five
records or more share.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from warehouse.errors import WrongUseError

VERSION = 1
LEAST_HOLDERS = 5
"""A value held by fewer records has no frequency of its own in an artefact."""


@dataclass(frozen=True)
class Frequencies:
    """How common the values of a column are.

    Attributes:
        common: Share of records per value, for values of five records or more.
        rare: The share that every other value is taken to have.
    """

    common: Mapping[str, float]
    rare: float


@dataclass(frozen=True)
class Training:
    """What the training saw, for the measure of drift.

    Attributes:
        state_count: How many states there were.
        pair_count: How many pairs the blocking rules brought together.
        label_counts: How many pairs each strong key gave.
        level_shares: Share of each level, by comparison, among the kept pairs.
    """

    state_count: int
    pair_count: int
    label_counts: Mapping[str, int]
    level_shares: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Artefact:
    """A trained model of one party kind.

    Attributes:
        model_key: Its name, such as `person-1`.
        party_kind: `person` or `organisation`.
        settings: The model as Splink reads it, with m, u and the prior.
        frequencies: How common names are, by column; empty where all count alike.
        blocking: Which columns must be equal for a pair to be compared.
        link_from: Probability from which two records of two sources are linked.
        link_within_from: Probability from which two records of one source are.
        review_from: Probability from which a steward is asked.
        keep_from: Probability from which a pair is kept.
        training: What the training saw.
    """

    model_key: str
    party_kind: str
    settings: Mapping[str, Any]
    blocking: tuple[tuple[str, ...], ...]
    link_from: float
    link_within_from: float
    review_from: float
    keep_from: float
    training: Training
    frequencies: Mapping[str, Frequencies] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the artefact as text: the same artefact, the same text."""
        written = {
            "version": VERSION,
            "model_key": self.model_key,
            "party_kind": self.party_kind,
            "link_from": self.link_from,
            "link_within_from": self.link_within_from,
            "review_from": self.review_from,
            "keep_from": self.keep_from,
            "blocking": [list(rule) for rule in self.blocking],
            "settings": self.settings,
            "frequencies": {
                column: {"common": dict(known.common), "rare": known.rare}
                for column, known in self.frequencies.items()
            },
            "training": {
                "state_count": self.training.state_count,
                "pair_count": self.training.pair_count,
                "label_counts": dict(self.training.label_counts),
                "level_shares": {
                    name: dict(shares)
                    for name, shares in self.training.level_shares.items()
                },
            },
        }
        return json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @staticmethod
    def from_json(text: str) -> "Artefact":
        """Read an artefact that `to_json` wrote.

        Raises:
            WrongUseError: The text is no artefact, or of another version.
        """
        try:
            read = json.loads(text)
            if read.pop("version") != VERSION:
                raise ValueError("version")
            blocking = tuple(tuple(rule) for rule in read.pop("blocking"))
            training = Training(**read.pop("training"))
            frequencies = {
                column: Frequencies(**known)
                for column, known in read.pop("frequencies").items()
            }
            return Artefact(
                **read, blocking=blocking, training=training, frequencies=frequencies
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WrongUseError(
                "The text is no model of matching that this version reads",
                where="model",
                mend="Train a new one, or keep to the one that is shipped.",
            ) from error

    @property
    def comparisons(self) -> tuple[str, ...]:
        """Return the names of what is compared, in the order of the model."""
        return tuple(one["output_column_name"] for one in self.settings["comparisons"])


SHIPPED = {"person": "person-1", "organisation": "organisation-1"}
"""The model that comes with the product, per kind of party."""


def shipped(party_kind: str) -> Artefact:
    """Return the model that comes with the product.

    Args:
        party_kind: `person` or `organisation`.

    Raises:
        WrongUseError: There is no such kind of party.
    """
    if party_kind not in SHIPPED:
        raise WrongUseError(
            "There is no model for this kind of party",
            where="model",
            mend=f"Use one of {', '.join(sorted(SHIPPED))}.",
        )
    place = files(__package__) / "artefacts" / f"{SHIPPED[party_kind]}.json"
    return Artefact.from_json(place.read_text(encoding="utf-8"))
