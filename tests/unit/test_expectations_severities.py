"""The severities: each has a reason and a mend, and the guide says the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from expectations.severities import RULES

GUIDE = Path(__file__).parents[2] / "docs" / "checks.md"


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_explained(name: str) -> None:
    """A rule has a reason, and its line in the guide states severity and budget."""
    rule = RULES[name]
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if line.startswith("| `") and f"`{name}`" in line]
    assert rule.reason and rule.next_step
    assert f"| {rule.severity} |" in line
    assert (f"{rule.budget_pct:g} %" in line) == bool(rule.budget_pct)
    assert (f"{rule.budget_rows} rows" in line) == bool(rule.budget_rows)


def test_what_is_no_error_says_why(manifest_of: Callable[[str], Any]) -> None:
    """A data test that its yml makes a warning, or information, has its reason."""
    nodes = manifest_of("demo")["nodes"].values()
    lenient = [
        node
        for node in nodes
        if node["resource_type"] == "test"
        and str(node["config"].get("severity", "error")).lower() != "error"
    ]
    assert lenient
    assert [node["name"] for node in lenient if not node.get("description")] == []
    stated = {
        node["config"]["meta"]["severity"]
        for node in nodes
        if node["resource_type"] == "test"
        and "severity" in (node["config"].get("meta") or {})
    }
    assert stated <= {"warning", "information"}
