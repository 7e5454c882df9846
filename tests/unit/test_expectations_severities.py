"""The severities: each has a reason, and the guide says the same as the code."""

from pathlib import Path

import pytest

from expectations.severities import RULES

GUIDE = Path(__file__).parents[2] / "docs" / "checks.md"


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_explained(name: str) -> None:
    """A rule has a reason, and its line in the guide states severity and budget."""
    rule = RULES[name]
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if line.startswith("| `") and f"`{name}`" in line]
    assert rule.reason
    assert f"| {rule.severity} |" in line
    assert (f"{rule.budget_pct:g} %" in line) == bool(rule.budget_pct)
    assert (f"{rule.budget_rows} rows" in line) == bool(rule.budget_rows)
