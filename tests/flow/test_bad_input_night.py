"""Bad input through a whole night: it links nobody, and runs nowhere.

The pairs of the form have name and value in common. That a real value links them, and a
placeholder or a failed check digit does not, is seen side by side.
"""

from pathlib import Path

import pytest
from crowd_world import (
    HOSTILE,
    NAMED,
    NO_FIRM,
    NOBODY,
    SAME_FIRMS,
    SAME_PERSONS,
    Once,
    made_crowd,
)
from night_world import Nights

from warehouse.quality import read_report, write_page

INSIDE_PAGES = ("<script>alert", "<img src=x", "<b>[red]")

ESCAPE = "\x1b"


@pytest.fixture(scope="module")
def crowd(once: Once) -> Nights:
    """A night with a form that takes anything."""
    return made_crowd(once)


def customers(crowd: Nights, column: str, value: str) -> int:
    """Count the customers that a pair of forms became."""
    [(count,)] = crowd.rows(
        "select count(distinct customer_id) from descriptive.bridge_customer_identity "
        "where starts_with(source_record_id, ?)",
        [f"{column}:{value}:"],
    )
    return int(count)


@pytest.mark.parametrize(
    ("column", "value"), [*SAME_PERSONS.items(), *SAME_FIRMS.items()]
)
def test_a_value_of_its_own_links_a_pair(
    crowd: Nights, column: str, value: str
) -> None:
    """Else the pairs below would prove nothing."""
    assert customers(crowd, column, value) == 1


@pytest.mark.parametrize(("column", "value"), [*NOBODY, *NO_FIRM])
def test_what_proves_nothing_links_nobody(
    crowd: Nights, column: str, value: str
) -> None:
    """Failed check digits and placeholders are kept, and never matched by."""
    assert customers(crowd, column, value) == 2


def test_what_is_typed_is_published_as_it_was_typed(crowd: Nights) -> None:
    """Through templates, SQL, YAML and pages; the tables it names are still there."""
    found = crowd.built(
        "select source_record_id, full_name, customer.city "
        "from descriptive.dim_customer as customer "
        "inner join descriptive.bridge_customer_identity using (customer_id) "
        "where source_name = 'forms' and not contains(source_record_id, ':a') "
        "and not contains(source_record_id, ':b') and is_current"
    )
    assert sorted(found) == sorted((text, text, text) for text in HOSTILE)
    [(sources,)] = crowd.rows("select count(*) from shared.dim_source")
    assert sources >= 3


def test_the_name_of_a_file_is_published_as_it_was_given(crowd: Nights) -> None:
    """It came in, and ran nowhere on its way."""
    assert crowd.rows(
        "select rows_delivered = rows_loaded, status from quality.fct_load "
        "where delivered_name = ?",
        [NAMED],
    ) == [(True, "loaded")]


def test_no_page_runs_what_was_typed(crowd: Nights, tmp_path: Path) -> None:
    """The report names sources, tables and codes; it is HTML."""
    report = read_report(crowd.settings, company="<script>alert")
    page = tmp_path / "quality.html"
    write_page(report, page)
    text = page.read_text(encoding="utf-8")
    assert [each for each in INSIDE_PAGES if each in text] == []


def test_a_terminal_is_shown_what_was_typed(crowd: Nights) -> None:
    """And does not obey it."""
    [steering] = [text for text in HOSTILE if "\x1b" in text]
    said = crowd.done("customer", f"forms:{steering}", "--restricted")
    assert "a\\x1b[2Jb" in said
    assert "\x1b" not in said


def test_an_unknown_currency_is_in_no_total(crowd: Nights) -> None:
    """Where no contract lists what is accepted, it is kept, not added, and told of."""
    assert crowd.rows(
        "select currency_code, sum(net_amount), sum(company_net_amount) "
        "from behavioural.fct_sale group by all order by all"
    ) == [("EUR", 20, 20), ("XXX", 1_000_000, None)]
    assert crowd.rows(
        "select severity, outcome, rows_failed from quality.fct_check_result "
        "where check_name = 'fct_sale_is_in_a_currency_that_has_a_rate'"
    ) == [("warning", "failed", 1)]
