"""The report on quality: what it says, how it looks, and what it must never hold."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from warehouse.quality import Grade, Report, write_page
from warehouse.quality.page import grade_counts, sums
from warehouse.quality.plots import plot_costs, plot_trend
from warehouse.quality.reading import Cost, Measure, Score, Step, cause_in_words

NIGHTS = [date(2026, 1, day) for day in range(1, 5)]
HOSTILE = "<script>alert('x')</script>&\"<b>"


STEP = Step(
    subject_type="source",
    subject_name="crm",
    part_type="measure",
    part_code="validity",
    label="Validity",
    worst_entity_name="party",
    worst_attribute_name="email",
    worst_pct=Decimal("61.5"),
    next_step_en="Let the source check them on entry.",
    next_step_zh=None,
    whole_points=Decimal("2.31"),
)


def graded(name: str, score: str, *, of: str = "source", lost: str = "5") -> Grade:
    """A grade of something that loses points by one attribute."""
    return Grade(
        subject_type=of,
        subject_name=name,
        grade="B",
        score=Decimal(score),
        score_change=Decimal("-0.6"),
        worst_subject_name=name,
        worst_code="validity" if Decimal(lost) else None,
        worst_label="Validity",
        worst_entity_name="party",
        worst_attribute_name="email",
        worst_pct=Decimal("61.5"),
        worst_points_lost=Decimal(lost),
        next_step_en="Let the source check them on entry.",
        next_step_zh="让来源在录入时校验。",
        failed_error_count=0,
        failed_warning_count=0,
    )


def cost(kind: str, amount: str | None, *, currency: str = "EUR", n: int = 2) -> Cost:
    """What duplicates of one kind cost through one source."""
    return Cost(
        cost_code=kind,
        cost_basis="avoided" if kind == "double_count" else "spent",
        source_name="broker",
        currency_code=currency,
        duplicate_count=n,
        cost_amount=None if amount is None else Decimal(amount),
        last_month=date(2026, 1, 1),
    )


@pytest.fixture
def report() -> Report:
    """A report on two sources and two tables."""
    return Report(
        company="Ada & Sons",
        release="r-000001",
        night=NIGHTS[-1],
        whole=graded("_all", "91.25", of="whole"),
        sources=[graded("crm", "88.5"), graded("web", "100", lost="0")],
        tables=[
            graded("shared.dim_date", "93", of="table"),
            graded("shared.dim_load", "100", of="table", lost="0"),
        ],
        steps=[STEP],
        measures=[
            Measure(
                source_name="crm",
                measure_code="validity",
                label="Validity",
                part_pct=Decimal("79.25"),
                worst_entity_name="party",
                worst_attribute_name="email",
                worst_pct=Decimal("61.5"),
            )
        ],
        trend=[
            Score(night, kind, name, Decimal(90 + night.day))
            for night in NIGHTS
            for kind, name in (("whole", "_all"), ("source", "crm"))
        ],
        costs=[cost("list_name_held", "1234.5"), cost("double_count", "30")],
    )


class Reader(HTMLParser):
    """Notes which elements a page has, and what it would fetch."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        super().__init__()
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, and what it refers to."""
        self.tags.add(tag)
        self.fetched += [
            value or ""
            for name, value in attrs
            if name in ("src", "href", "xlink:href")
        ]

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.text += f"{data} "


def read(report: Report, folder: Path) -> Reader:
    """Write the page and read it as a browser would."""
    file = folder / "docs" / "quality.html"
    write_page(report, file)
    reader = Reader()
    reader.feed(file.read_text("utf-8"))
    return reader


def test_the_page_says_the_grade_the_cause_and_what_to_do(
    report: Report, tmp_path: Path
) -> None:
    """A manager finds in it what to do first, and what duplicates cost."""
    found = " ".join(read(report, tmp_path).text.replace("\u200b", "").split())
    assert "Ada & Sons: quality of the customer data" in found
    assert "91.2 of 100 ▼ 0.6" in found
    assert "crm : Validity of party.email is 61.5 % (2.31 points)" in found
    assert "Let the source check them on entry." in found
    assert "1 more loses nothing: web." in found
    assert "1 other tables passed every check" in found
    assert "Bought though held spent 2 1,234.50 EUR" in found
    assert "Counted twice avoided 2 30.00 EUR" in found


def test_the_page_needs_no_network_and_no_script(
    report: Report, tmp_path: Path
) -> None:
    """It can be sent by mail and opened anywhere."""
    reader = read(report, tmp_path)
    assert not reader.tags & {"script", "link", "iframe", "img", "object"}
    assert reader.fetched == []
    text = (tmp_path / "docs" / "quality.html").read_text("utf-8")
    assert "url(" not in text and "@import" not in text
    named = set(re.findall(r"xmlns[:a-z]*=\"[^\"]+\"", text))
    assert len(named) == 2
    assert text.count("://") == sum(text.count(each) for each in named)


def test_a_hostile_name_stays_text(report: Report, tmp_path: Path) -> None:
    """In tables, titles and plots alike: names come from files that people write."""
    hostile = replace(
        report,
        company=HOSTILE,
        sources=[replace(report.sources[0], subject_name=HOSTILE)],
        steps=[replace(report.steps[0], subject_name=HOSTILE, next_step_en=HOSTILE)],
        measures=[
            replace(
                report.measures[0],
                source_name=HOSTILE,
                label=HOSTILE,
                worst_attribute_name=HOSTILE,
            )
        ],
        trend=[
            replace(each, subject_name=HOSTILE)
            if each.subject_type == "source"
            else each
            for each in report.trend
        ],
        costs=[replace(each, source_name=HOSTILE) for each in report.costs],
    )
    reader = read(hostile, tmp_path)
    assert "script" not in reader.tags
    text = (tmp_path / "docs" / "quality.html").read_text("utf-8")
    assert "<script" not in text and '"<b>' not in text
    assert "alert(" in reader.text


def test_nothing_known_is_said_in_words(report: Report, tmp_path: Path) -> None:
    """The first night of a company without duplicates has a page too."""
    first = replace(
        report,
        whole=replace(report.whole, score_change=None),
        sources=[],
        tables=[],
        steps=[],
        measures=[],
        trend=report.trend[:1],
        costs=[],
    )
    found = read(first, tmp_path).text
    assert "Nothing costs a point." in found
    assert "No duplicate is known." in found


def test_plots_are_the_same_each_time_and_take_the_colours_of_the_page(
    report: Report,
) -> None:
    """Same release, same page; legible in light and in dark."""
    trend = plot_trend(report.trend, worst=["crm"])
    assert trend == plot_trend(report.trend, worst=["crm"])
    assert "var(--ink)" in trend and "var(--c1)" in trend
    assert "score (of 100 points)" in trend and "night (business date)" in trend
    assert not re.match(r'<svg[^>]* width="', trend)
    spent = [cost("list_name_held", "1234.5", n=1200), cost("double_mailing", None)]
    costs = plot_costs(spent, currency="EUR")
    assert "spent, in EUR" in costs
    assert "Bought though held: broker" in costs
    assert "1,234.50 for 1,200" in costs
    assert "Sent twice" not in costs


def test_currencies_and_what_was_avoided_are_never_added_up() -> None:
    """Each kind has a sum per currency; an unstated price is told as such."""
    found = sums(
        [
            cost("list_name_held", "10"),
            cost("list_name_held", "2.5"),
            cost("list_name_held", "7", currency="USD"),
            cost("double_mailing", None),
            cost("double_count", "99"),
        ]
    )
    told = [
        (each.kind, each.cost_basis, each.currency_code, each.cost_amount)
        for each in found
    ]
    assert told == [
        ("Bought though held", "spent", "EUR", Decimal("12.5")),
        ("Bought though held", "spent", "USD", Decimal("7")),
        ("Sent twice", "spent", "EUR", None),
        ("Counted twice", "avoided", "EUR", Decimal("99")),
    ]
    assert found[0].duplicate_count == 4


def test_a_cause_is_said_in_words() -> None:
    """A measure of an attribute or of whole rows, a check of a column or of a table."""
    assert cause_in_words("Validity", "validity", "party", "email") == (
        "Validity of party.email"
    )
    assert cause_in_words("Validity", "validity", "sale", "_all") == "Validity of sale"
    assert cause_in_words(None, "rows_are_few", None, None) == "rows are few"
    assert cause_in_words(None, "not_null", None, "a_key") == "not null (a_key)"
    assert graded("crm", "100", lost="0").cause == ""
    whole = replace(graded("_all", "90", of="whole"), worst_subject_name="crm")
    assert whole.cause == "crm: Validity of party.email"
    assert grade_counts([graded("a", "1"), graded("b", "2")]) == [("B", 2)]
