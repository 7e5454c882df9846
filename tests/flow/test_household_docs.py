"""The worked examples of `docs/households.md`, run as they are printed."""

import re

import pytest
from house import House

from warehouse.settings import PROJECT_ROOT

EXAMPLE = re.compile(r"^```sql\n(.*?)^```\n\n```text\n(.*?)^```", re.M | re.S)
PAGE = (PROJECT_ROOT / "docs" / "households.md").read_text(encoding="utf-8")
EXAMPLES = EXAMPLE.findall(PAGE)


def test_every_example_has_its_answer() -> None:
    """None is left out of the tests below."""
    assert len(EXAMPLES) == PAGE.count("```sql") == 3


@pytest.mark.parametrize(("query", "printed"), EXAMPLES)
def test_the_page_prints_what_is_answered(
    demo_night: House, query: str, printed: str
) -> None:
    """Each query of the page, and below it what it comes to."""
    lines = [" | ".join(map(str, row)) for row in demo_night.rows(query)]
    assert lines == printed.splitlines()
