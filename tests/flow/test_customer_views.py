"""Views of customers by content, source and activity; codes of no dictionary."""

import re

from house import House

from warehouse.settings import PROJECT_ROOT

EXAMPLE = re.compile(r"^```sql\n(.*?)^```\n\n```text\n(.*?)^```", re.M | re.S)
PAGE = PROJECT_ROOT / "docs" / "dictionaries.md"


def test_the_page_prints_what_is_answered(demo_night: House) -> None:
    """Each query of the page, and below it what it comes to."""
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(examples) == 3
    for query, printed in examples:
        lines = [" | ".join(map(str, row)) for row in demo_night.rows(query)]
        assert lines == printed.splitlines(), query


def test_a_code_that_no_dictionary_knows_is_kept(demo_night: House) -> None:
    """It stands in the customer's attribute and in the values, as it came."""
    assert demo_night.rows(
        "select count(*) > 0 from descriptive.dim_customer "
        "where occupation_code = 'streamer'"
    ) == [(True,)]


def test_views_tell_what_the_tables_behind_them_tell(demo_night: House) -> None:
    """Nobody twice, nobody missing; money and alerts as in the facts."""
    for view, table, condition in (
        ("basic", "dim_customer", "not is_deleted"),
        ("transaction", "dim_customer", "not is_deleted"),
        ("promotion", "dim_customer", "not is_deleted"),
        ("own", "dim_customer", "not is_deleted and not is_prospect"),
    ):
        assert demo_night.rows(
            f"select count(*), count(distinct customer_id) "  # noqa: S608
            f"from descriptive.view_customer_{view}"
        ) == demo_night.rows(
            f"select count(*), count(*) from descriptive.{table} "  # noqa: S608
            f"where is_current and customer_id <> '_unknown' and {condition}"
        )
    assert demo_night.rows(
        "select sum(exposure_count), sum(response_count) "
        "from descriptive.view_customer_promotion"
    ) == demo_night.rows(
        "select count_if(was_exposed), sum(response_count) "
        "from behavioural.fct_campaign_touch "
        "inner join descriptive.view_customer_basic using (customer_id)"
    )
    assert demo_night.rows(
        "select count_if(is_behind) from descriptive.view_customer_transaction"
    ) == demo_night.rows(
        "select count(*) from associative.fct_alert "
        "where alert_type = 'purchase' and cleared_on is null"
    )
