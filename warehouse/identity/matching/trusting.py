"""Whether a model that was delivered is one that this product trained.

A model holds conditions in SQL, and they run in the session that writes the archive. So
a delivered one comes into use only where it says what the shipped one of its kind says,
with other figures.
"""

from collections.abc import Mapping

from warehouse.errors import WrongUseError
from warehouse.identity.matching.artefact import Artefact, shipped
from warehouse.identity.matching.features import PROFILE

_FIGURES = frozenset(
    {
        *("m_probability", "u_probability", "probability_two_random_records_match"),
        *("tf_adjustment_weight", "tf_minimum_u_value"),
        "disable_tf_exact_match_detection",
    }
)
_COLUMN = "tf_adjustment_column"


def trusted(text: str, *, model_key: str, party_kind: str) -> Artefact | None:
    """Return a delivered model, or none where it is not to be trusted.

    Args:
        text: The model as it was delivered.
        model_key: The name that it was delivered under.
        party_kind: The kind of party that it was delivered for.
    """
    try:
        found, ours = Artefact.from_json(text), shipped(party_kind)
        figures = [found.link_from, found.link_within_from, found.review_from]
        figures += [
            found.keep_from,
            *(each.rare for each in found.frequencies.values()),
        ]
        is_ours = (
            (found.model_key, found.party_kind) == (model_key, party_kind)
            and found.blocking == ours.blocking
            and set(found.frequencies) <= set(PROFILE)
            and all(map(_is_number, figures))
            and _said(found.settings) == _said(ours.settings)
        )
    except (WrongUseError, TypeError, AttributeError):
        return None
    return found if is_ours else None


def _said(value: object) -> object:
    """Return what settings say, without the figures that training finds."""
    if isinstance(value, Mapping):
        return {
            key: _said(each)
            for key, each in value.items()
            if not (key in _FIGURES and _is_number(each))
            and not (key == _COLUMN and each in PROFILE)
        }
    if isinstance(value, list | tuple):
        return [_said(each) for each in value]
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
