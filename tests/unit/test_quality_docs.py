"""The page on measures of quality says what the seed says."""

import csv
import re

from warehouse.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
RULES = (PROJECT_ROOT / "macros" / "quality_rules.sql").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (`.*`) \| (.*) \|$", re.MULTILINE)


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a seed."""
    file = PROJECT_ROOT / "seeds" / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_the_page_defines_each_measure_as_the_seed_does() -> None:
    """Code, labels, what it is of, and the definition, in the order of the seed."""
    stated = [
        "| `{measure_code}` | {label_en} | {label_zh} | {measured_of} | "
        "{definition_en} |".format_map(row)
        for row in rows("quality_measure")
    ]
    told = [line for line in PAGE.splitlines() if line.count(" | ") == 4]
    assert [line for line in told if line.startswith("| `")] == stated


def test_the_page_lists_every_comparison_that_a_rule_may_make() -> None:
    """No way of comparing is secret, none is promised that is not there."""
    may = set(
        re.findall(r"^        '(\w+)': \[|^        '(\w+)': _places", RULES, re.M)
    )
    known = {name for pair in may for name in pair if name}
    table = PAGE.split("| comparison |")[1]
    listed = {
        name for row in ROW.findall(table) for name in re.findall(r"`(\w+)`", row[0])
    }
    assert listed == known
    assert {row["comparison"] for row in rows("consistency_rule")} <= known
