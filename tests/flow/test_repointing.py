"""Facts are built anew where something happened to them, and only there.

A small house whose customers merge, come late, move; whose articles come late and
change their price; whose orders are corrected and taken back. Built night by night, in
one run, and from nothing, its facts say the same.
"""

import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from night_world import Nights, open_company
from reached_service import SERVICE

from pipelines.staleness import stamp_work
from warehouse.settings import PROJECT_ROOT

MEMBERS = "member,name,email,city\n"
PROFILES = "profile,name,email,city\n"
ORDERS = "line,source,record,article,quantity,tried_at\n"
GOODS = "article,name,price\n"
CALLS = "call,member,article,outcome,tried_at\n"
REPORTS = "report,source,record,email,status,tried_at\n"
ANN = "1,Ann Lee,ann@example.com,Berlin\n"
BO = "2,Bo Ek,bo@example.com,Bonn\n"
CY = "3,Cy Poe,cy@example.com,Ulm\n"
LINES = (
    "o1,desk,1,a1,2,2026-01-05 10:00:00\n"
    "o2,desk,2,a1,1,2026-01-05 11:00:00\n"
    "o3,web,w1,a2,1,2026-01-05 12:00:00\n"
    "o4,desk,3,a1,5,2026-01-05 13:00:00\n"
)
NIGHTS: dict[str, dict[str, str]] = {
    "2026-01-05": {
        "members.csv": MEMBERS + ANN + BO,
        "profiles.csv": PROFILES + "w1,Bo Ek,bo@elsewhere.example,Bonn\n",
        "goods.csv": GOODS + "a1,Pen,2.50\n",
        "orders.csv": ORDERS + LINES,
        "calls.csv": CALLS + "k1,1,a1,solved,2026-01-05 15:00:00\n",
        "reports.csv": REPORTS + "p1,desk,2,bo@example.com,verified,2026-01-04\n",
    },
    "2026-01-06": {
        "members.csv": MEMBERS + ANN + BO + CY,
        "profiles.csv": PROFILES + "w1,Bo Ek,bo@example.com,Bonn\n",
        "goods.csv": GOODS + "a2,Ink,7.00\n",
        "reports.csv": REPORTS
        + "p2,,,bo@example.com,bounced,2026-01-06\n"
        + "p3,desk,1,ann@elsewhere.example,returned,2026-01-06\n",
    },
    "2026-01-07": {
        "goods.csv": GOODS + "a1,Pen,3.00\n",
        "orders.csv": ORDERS
        + LINES.replace("a1,2", "a1,4").replace(
            "o2,desk,2,a1,1,2026-01-05 11:00:00\n", ""
        ),
    },
    "2026-01-08": {
        "members.csv": MEMBERS + ANN.replace("Berlin", "Potsdam") + BO + CY,
        "orders.csv": ORDERS
        + LINES.replace("a1,2", "a1,4")
        + "o5,desk,1,a1,1,2026-01-08 10:00:00\n",
        "calls.csv": CALLS + "k2,3,a2,wrong_number,2026-01-08 09:00:00\n",
        "reports.csv": REPORTS + "p4,desk,2,bo@example.com,answered,2026-01-08\n",
    },
}
EXAMPLE = re.compile(r"^```sql\n(.*?)^```\n\n```text\n(.*?)^```", re.M | re.S)
WRITTEN = 1_769_817_600


def deliver(house: Nights, dates: Iterable[str]) -> None:
    """Lay the deliveries of the dates where they wait."""
    for date in dates:
        for name, content in (NIGHTS[date] | SERVICE[date]).items():
            file = house.deliver(date, name, content)
            os.utime(file, (WRITTEN, WRITTEN))


def open_reached(folder: Path) -> Nights:
    """Open the house in a folder that may already hold it."""
    return open_company(folder, "tiny", "corner", "reached")


PLACES = """
    select order_number, payment_method_code, customer_id, product_key, net_amount
    from behavioural.fct_sale
"""


def _build(house: Nights) -> None:
    """Run a night but for its checks and its release; what it built counts as built."""
    house.receive()
    house.build()
    stamp_work(house.settings)


@dataclass(frozen=True)
class Lived:
    """The house after a night for each date, and how its sales lay after each."""

    house: Nights
    sales: list[dict[str, tuple[object, ...]]]

    def touched(self, night: int) -> set[str]:
        """Name the lines that a night built anew: those that lost their mark."""
        return {line for line, (mark, *_) in self.sales[night].items() if not mark}


MARK = "update behavioural.fct_sale set payment_method_code = {}"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Run a night for each date."""
    house = open_reached(tmp_path_factory.mktemp("reached"))
    sales = []
    for date in NIGHTS:
        if sales:
            house.tamper(MARK.format("'untouched'"))
        deliver(house, [date])
        _build(house)
        sales.append({str(line): rest for line, *rest in house.built(PLACES)})
        house.tamper(MARK.format("null"))
    return Lived(house, [{k: tuple(v) for k, v in each.items()} for each in sales])


def test_nights_give_what_one_run_and_a_rebuild_give(
    lived: Lived, tmp_path: Path
) -> None:
    """Facts that were mended night by night are those that are made at once."""
    by_night = lived.house.digests()
    at_once = open_reached(tmp_path)
    deliver(at_once, NIGHTS)
    _build(at_once)
    assert at_once.digests() == by_night
    again = lived.house.copy(tmp_path / "again")
    again.settings.places.work.unlink()
    _build(again)
    assert again.digests() == by_night


def test_a_merge_touches_only_whose_records_moved(lived: Lived) -> None:
    """Night 2 merges two records, and brings a late customer and a late article."""
    first, second, *_ = lived.sales
    assert first["o3"][1] != first["o2"][1] == second["o2"][1] == second["o3"][1]
    assert {"o3", "o4"} <= lived.touched(1) < {"o1", "o2", "o3", "o4"}
    assert "o1" not in lived.touched(1)
    assert first["o4"][1] == "_unknown" != second["o4"][1]
    assert first["o3"][2] == "_unknown" != second["o3"][2]


def test_a_line_that_is_taken_back_is_gone_and_comes_back(lived: Lived) -> None:
    """What its source no longer delivers is no sale; delivered again it is one."""
    assert [("o2" in night) for night in lived.sales] == [True, True, False, True]


def test_a_corrected_line_and_a_corrected_price_are_seen(lived: Lived) -> None:
    """A line of another quantity is built anew, and so is a line of the dearer pen."""
    assert lived.sales[2]["o1"][3] != lived.sales[1]["o1"][3]
    assert lived.sales[3]["o5"][3] == Decimal("3.0000")


def test_a_fact_whose_notes_are_lost_is_built_whole(
    lived: Lived, tmp_path: Path
) -> None:
    """Without a word on what it was built from, nothing of a fact is trusted."""
    house = lived.house.copy(tmp_path / "copy")
    house.tamper(
        "drop table intermediate.fct_sale__noted",
        "update behavioural.fct_sale set customer_id = '_unknown'",
    )
    house.deliver("2026-01-09", "calls.csv", CALLS + "k3,1,a1,open,2026-01-09\n")
    _build(house)
    before, after = (
        {line: rest[1:] for line, rest in each.items()}
        for each in (lived.sales[-1], dict(_sales(house)))
    )
    assert after == before


def test_the_page_of_service_prints_what_is_answered(lived: Lived) -> None:
    """A ticket in its stages, a late agent, a late letter, and who calls whom."""
    page = (PROJECT_ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    examples = EXAMPLE.findall(page)
    assert len(examples) == page.count("```sql") == 3
    for query, printed in examples:
        lines = [" | ".join(map(str, each)) for each in lived.house.built(query)]
        assert lines == printed.splitlines(), query


def _sales(house: Nights) -> Iterator[tuple[str, tuple[object, ...]]]:
    for line, *rest in house.built(PLACES):
        yield str(line), tuple(rest)


def test_reports_decide_which_point_is_best(lived: Lived) -> None:
    """A bounce of a bare address is about all who claim it, an answer about one."""
    found = lived.house.built(
        """
        select point.contact_value, point.status_code, point.is_best, point.is_refuted
        from descriptive.dim_contact_point as point
        where point.contact_type_code = 'email' order by all
        """
    )
    assert found == [
        ("ann@example.com", "answered", True, False),
        ("bo@elsewhere.example", "claimed", False, False),
        ("bo@example.com", "answered", True, False),
        ("cy@example.com", "wrong_number", False, True),
    ]


def test_every_report_says_what_it_changed(lived: Lived) -> None:
    """In the order of their moments; what nobody claims keeps a row of its own."""
    found = lived.house.built(
        """
        select event_type, status_before_code, status_after_code,
            contact_point_key = '_unknown' as is_lost
        from descriptive.fct_contact_point_status
        order by happened_at, event_type
        """
    )
    assert found == [
        ("verified", "claimed", "verified", False),
        ("answered", "claimed", "answered", False),
        ("bounced", "verified", "bounced", False),
        ("returned", "_unknown", "_unknown", True),
        ("answered", "bounced", "answered", False),
        ("wrong_number", "claimed", "wrong_number", False),
    ]


def test_confidence_is_that_of_the_page(lived: Lived) -> None:
    """What is claimed ages by its half-life, a report against it cuts the odds."""
    found = dict(
        lived.house.built(
            """
            select point.contact_value, point.confidence
            from descriptive.dim_contact_point as point
            where point.contact_type_code = 'email'
            """
        )
    )
    aged = 0.85 * 0.5 ** (2 / 1000)
    odds = aged / (1 - aged) * 0.01
    assert float(str(found["cy@example.com"])) == pytest.approx(
        odds / (1 + odds), abs=1e-6
    )
    assert float(str(found["bo@example.com"])) == pytest.approx(0.95, abs=1e-6)


def test_the_query_of_the_page_tells_what_is_due(lived: Lived) -> None:
    """A point that failed is due at once."""
    page = (PROJECT_ROOT / "docs" / "contact-points.md").read_text(encoding="utf-8")
    query = page.split("```sql\n")[1].split("```")[0]
    assert lived.house.built(query) == [
        ("email", "email", None, 1, dt.date(2026, 1, 8)),
    ]
