"""What is planted for analyses to find is told once, and written beside the truth."""

import json
from pathlib import Path

import pytest

from warehouse.demo.effects import Effects


def test_effects_are_written_by_name(tmp_path: Path) -> None:
    """The file holds value and meaning under each name, in the order of names."""
    effects = Effects()
    effects.plant("web.zeal", ["P2", "P1"], "Products looked at most.")
    effects.plant("experiment.lift_pct", 2.5, "Answers added, in percent points.")
    effects.write(tmp_path)
    written = json.loads((tmp_path / "effects.json").read_text("utf-8"))
    assert list(written) == ["experiment.lift_pct", "web.zeal"]
    assert written["experiment.lift_pct"] == {
        "value": 2.5,
        "meaning": "Answers added, in percent points.",
    }


def test_an_effect_may_be_told_again_but_not_otherwise() -> None:
    """Each day's maker tells the same; another strength of one name is a mistake."""
    effects = Effects()
    effects.plant("nps.unhappy", "Lyon", "The region that is unhappy.")
    effects.plant("nps.unhappy", "Lyon", "The region that is unhappy.")
    with pytest.raises(ValueError, match="planted before"):
        effects.plant("nps.unhappy", "Oslo", "The region that is unhappy.")


@pytest.mark.parametrize("name", ["lift", "Experiment.lift", "experiment.", "a b.c"])
def test_an_effect_is_named_for_its_subject(name: str) -> None:
    """Names sort by subject, so a reader finds what belongs together."""
    with pytest.raises(ValueError, match="of the form"):
        Effects().plant(name, 1.0, "Anything.")
