"""Words on two records that need no night to be tested."""

from pathlib import Path

import pytest

from warehouse.company import read_company
from warehouse.settings import Settings
from warehouse.stewardship.explaining import PAST, _scored
from warehouse.stewardship.people import Named


@pytest.mark.parametrize(
    ("probability", "other", "reason", "is_past"),
    [
        (0.95, "two", None, True),
        (0.95, "one", None, False),
        (0.95, "two", "weak_bridge", False),
        (0.85, "two", None, False),
    ],
)
def test_a_likeness_that_was_taken_back_is_told_as_past(
    tmp_path: Path, probability: float, other: str, reason: str | None, is_past: bool
) -> None:
    """A score is kept, though what it compared was corrected since."""
    settings = Settings(company="demo", home=tmp_path)
    pair = {
        "match_model": "person-1",
        "match_probability": probability,
        "match_weight": 5.0,
        "agreement_levels": "",
        "reason_code": reason,
    }
    left, right = (
        Named(source, "1", customer, "person", "alone", 1.0)
        for source, customer in (("desk", "one"), ("web", other))
    )
    words = _scored(settings, read_company(settings), left, right, pair)
    assert (PAST in words) == is_past


def test_a_record_with_itself_is_told_as_no_pair(tmp_path: Path) -> None:
    """Nothing is said of rules that never compared it with itself."""
    settings = Settings(company="demo", home=tmp_path)
    alone = Named("web", "1", "one", "person", "alone", 1.0)
    words = _scored(settings, read_company(settings), alone, alone, {})
    assert words == ["One record is no pair: name two, or two customers."]
