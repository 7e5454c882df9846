"""A customer falls behind: not after the days of the cycle, but one day later."""

import re
from pathlib import Path

from house import House
from night_world import open_company

from warehouse.settings import PROJECT_ROOT

EXAMPLE = re.compile(r"^```sql\n(.*?)^```\n\n```text\n(.*?)^```", re.M | re.S)
MEMBERS = (
    "member,name,email,city\n"
    "1,Ann Lee,ann@example.com,Berlin\n"
    "2,Bo Ek,bo@example.com,Bonn\n"
)
SALES = (
    "receipt,line,member,sold_at,quantity,amount\nr1,1,1,2026-01-05 10:00:00,1,12.50\n"
)
PAGE = PROJECT_ROOT / "docs" / "alerts.md"


def of_nobody(day: str) -> str:
    """Return a file of sales that keeps a business date and names no member."""
    head, *_ = SALES.splitlines()
    return f"{head}\n{day},1,,{day} 10:00:00,1,1\n"


def answers(house: House, query: str) -> list[str]:
    """Return the rows of a query as the page prints them."""
    return [" | ".join(map(str, row)) for row in house.rows(query)]


def test_the_page_prints_what_nights_raise_and_a_purchase_clears(
    tmp_path: Path,
) -> None:
    """After 90 days nobody is behind, after 91 both are, who never bought included."""
    house = open_company(tmp_path, "tiny")
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    house.deliver("2026-01-05", "members.csv", MEMBERS)
    house.deliver("2026-01-05", "sales.csv", SALES)
    house.deliver("2026-04-05", "sales.csv", of_nobody("2026-04-05"))
    house.night()
    assert answers(house, examples[0][0]) == []

    house.deliver("2026-04-06", "sales.csv", of_nobody("2026-04-06"))
    house.night()
    for query, printed in examples:
        assert answers(house, query) == printed.splitlines(), query

    again = of_nobody("2026-04-07") + "r9,1,1,2026-04-07 11:00:00,1,9\n"
    house.deliver("2026-04-07", "sales.csv", again)
    house.night()
    assert house.rows(
        "select raised_on::varchar, cleared_on::varchar, days_overdue "
        "from associative.fct_alert order by cleared_on nulls last"
    ) == [("2026-04-06", "2026-04-07", 2), ("2026-04-06", None, 2)]
