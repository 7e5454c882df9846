"""Habits are those that the demo's customers have, and as the page says they are."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from house import House

from warehouse.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "behaviour.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```", PAGE, re.M | re.S)
TURNS = re.compile(r"^\| (\d{4}-\d\d-\d\d) \| (\w+) \| (\d{4}-\d\d-\d\d) \|$", re.M)
OPENING_ENDS = "timestamp '2025-12-31 16:00:00'"
"""Midnight in Shanghai: the habits of the opening history are not yet mixed with the
many purchases that the demo puts into its few days."""


@pytest.fixture(scope="module")
def planted(demo_night: House) -> dict[str, Any]:
    """What the demo's deliveries hold, by name."""
    path = demo_night.settings.places.root / "truth" / "effects.json"
    effects = json.loads(path.read_text(encoding="utf-8"))
    return {name: effect["value"] for name, effect in effects.items()}


def share(house: House, condition: str, rows: str) -> float:
    """Return the share of rows for which a condition holds; there are many of them."""
    [(count, found)] = house.rows(
        f"select count(*), count(*) filter (where {condition}) from {rows}"  # noqa: S608
    )
    assert count > 100
    return float(found / count)


def before(condition: str) -> str:
    """Return the versions that held when the opening history ended."""
    return (
        f"behavioural.dim_customer_behaviour where valid_from <= {OPENING_ENDS}"
        f" and valid_to > {OPENING_ENDS} and {condition}"
    )


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_page_is_answered(demo_night: House, query: str) -> None:
    """As it is printed, with more than a row."""
    assert len(demo_night.rows(query)) > 1


def test_the_states_of_the_page_are_those_that_the_model_is_held_to(
    manifest_of: Callable[[str], dict[str, Any]],
) -> None:
    """The example of the page is a unit test of dbt, which runs the SQL."""
    name = "int_behaviour__moments_turn_with_purchases_and_with_waiting"
    [shown] = [
        test
        for test in manifest_of("demo")["unit_tests"].values()
        if test["name"] == name
    ]
    expected = [
        (row["from_date"], row["activity_state_code"], row["activity_state_since_date"])
        for row in shown["expect"]["rows"]
    ]
    assert TURNS.findall(PAGE) == sorted(expected)


def test_who_waits_for_offers_is_told_from_the_others(
    demo_night: House, planted: dict[str, Any]
) -> None:
    """Two kinds of customers were planted; few lie between them."""
    rows = before("discount_sensitivity is not null")
    found = share(demo_night, "discount_sensitivity > 0.36", rows)
    assert found == pytest.approx(planted["habit.sensitive_pct"] / 100, abs=0.05)


def test_the_favourite_shop_is_where_most_visits_go(
    demo_night: House, planted: dict[str, Any]
) -> None:
    """In towns with one shop all go there."""
    found = share(
        demo_night,
        "outlet_key = preferred_outlet_key",
        "behavioural.fct_sale inner join behavioural.dim_customer_behaviour as habits"
        " using (customer_id) where is_current and purchase_count >= 5"
        " and not is_return and channel_key = 'shop'",
    )
    assert found >= planted["habit.favourite_shop_pct"] / 100 - 0.05


def test_who_shops_at_weekends_prefers_a_day_of_them(
    demo_night: House, planted: dict[str, Any]
) -> None:
    """Of the others two in seven do by chance."""
    at_weekends = planted["habit.weekend_pct"] / 100
    rows = before("purchase_count >= 5")
    found = share(demo_night, "preferred_weekday_number >= 6", rows)
    assert found == pytest.approx(at_weekends + (1 - at_weekends) * 2 / 7, abs=0.08)


def test_a_version_holds_nothing_of_its_own_time(demo_night: House) -> None:
    """What it tells of was done before it begins: else it would know what comes."""
    for count, moment, fact in (
        ("purchase_count", "ordered_at", "fct_sale"),
        ("answer_count", "first_response_at", "fct_campaign_touch"),
    ):
        said = "not is_return" if fact == "fct_sale" else "response_count > 0"
        unit = (
            "distinct order_key || ordered_date_key"
            if fact == "fct_sale"
            else "campaign_touch_key"
        )
        wrong = demo_night.rows(
            "select customer_behaviour_key"  # noqa: S608
            " from behavioural.dim_customer_behaviour as habits"
            f" left join behavioural.{fact} as facts"
            " on habits.customer_id = facts.customer_id"
            f" and facts.{moment} < habits.valid_from and {said}"
            f" where habits.customer_id <> '_unknown'"
            f" group by customer_behaviour_key, {count}"
            f" having {count} <> count({unit})"
        )
        assert wrong == []


def test_the_present_state_agrees_with_the_alert(demo_night: House) -> None:
    """A buyer is at risk, or worse, from the day on which the purchase alert is up."""
    astray = demo_night.rows(
        "select habits.customer_id"
        " from behavioural.dim_customer_behaviour as habits"
        " left join associative.fct_alert as alerts"
        " on habits.customer_id = alerts.customer_id and alert_type = 'purchase'"
        " and cleared_on is null"
        " inner join descriptive.dim_customer as customers"
        " on habits.customer_id = customers.customer_id and customers.is_current"
        " where habits.is_current and purchase_count > 0 and not is_deleted"
        " and not is_prospect"
        " and (activity_state_code in ('at_risk', 'inactive', 'lost'))"
        " <> (alerts.customer_id is not null)"
    )
    assert astray == []
