"""The page on sales prints what its queries give on The Complete Journey."""

import re
from pathlib import Path

from house import House
from test_real_companies import completejourney

from warehouse.settings import PROJECT_ROOT

__all__ = ["completejourney"]

PAGE = PROJECT_ROOT / "docs" / "sales.md"
EXAMPLE = re.compile(r"```sql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", re.DOTALL)


def examples(page: Path) -> list[tuple[str, list[str]]]:
    """Return each query of a page with the lines of the table that it prints."""
    return [
        (query, printed.splitlines())
        for query, printed in EXAMPLE.findall(page.read_text(encoding="utf-8"))
    ]


def test_the_page_on_sales_prints_what_is_there(completejourney: House) -> None:
    """Every query with a table behind it, and there are three."""
    found = examples(PAGE)
    assert len(found) == 3
    for query, (_, _, *printed) in found:
        rows = completejourney.rows(query)
        told = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
        assert told == printed
