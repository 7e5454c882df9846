"""What the demo plants in its service is found in its release, and no fact is empty."""

import json
from typing import Any

import pytest
from house import House

Effects = dict[str, Any]


@pytest.fixture(scope="module")
def planted(demo_night: House) -> Effects:
    """What the truth says was planted, by name."""
    file = demo_night.settings.places.root / "truth" / "effects.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    return {name: effect["value"] for name, effect in told.items()}


def ranked(house: House, query: str, *bound: object) -> list[Any]:
    """Return the first column of what a query yields."""
    return [row[0] for row in house.rows(query, list(bound))]


def test_the_region_that_complains_most_is_the_planted_one(
    demo_night: House, planted: Effects
) -> None:
    """By complaints for each customer who lives there."""
    found = ranked(
        demo_night,
        """
        with people as (
            select place.region, count(*) as customers
            from descriptive.dim_customer as customer
            inner join shared.dim_geography as place using (geography_key)
            where customer.is_current group by all
        ), complaints as (
            select place.region, count(*) as complaints
            from behavioural.fct_complaint
            inner join shared.dim_geography as place using (geography_key)
            where customer_id <> '_unknown' group by all
        )
        select people.region = $1 from people inner join complaints using (region)
        where people.customers >= 40 order by complaints / customers desc
        """,
        planted["complaint.region"],
    )
    assert found[0], found


def test_the_team_that_answers_late_is_the_planted_one(
    demo_night: House, planted: Effects
) -> None:
    """By the median of the hours from assignment to answer."""
    found = ranked(
        demo_night,
        """
        select team_name from behavioural.fct_complaint
        inner join shared.dim_agent using (agent_key)
        where assigned_to_answered_hours is not null group by all
        order by median(assigned_to_answered_hours) desc
        """,
    )
    assert found[0] == planted["complaint.slow_team"]


def test_the_product_with_most_faults_is_the_planted_one(
    demo_night: House, planted: Effects
) -> None:
    """By complaints about quality."""
    found = ranked(
        demo_night,
        """
        select product_record_id from behavioural.fct_complaint
        inner join shared.dim_product using (product_key)
        where reason_code = 'quality' group by all order by count(*) desc
        """,
    )
    assert found[0] == planted["complaint.product"]


def test_quick_offers_are_accepted_more_often(
    demo_night: House, planted: Effects
) -> None:
    """By the lag of the first offer after the inquiry."""
    found = demo_night.rows(
        """
        with first_offers as (
            select deal_number, hours_since_previous_step <= $1 as is_quick
            from behavioural.fct_deal_step
            where step_code = 'offer' and previous_step_code = 'inquiry'
        ), accepted as (
            select deal_number from behavioural.fct_deal_step
            where step_code = 'acceptance'
        )
        select is_quick, 100.0 * count(accepted.deal_number) / count(*)
        from first_offers left join accepted using (deal_number)
        group by all order by all
        """,
        [24 * planted["deal.quick_days"]],
    )
    (_, slow), (_, quick) = found
    assert quick > slow


def test_video_calls_are_cut_off_most(demo_night: House, planted: Effects) -> None:
    """Of calls that are seen a larger share is dropped than of calls that are heard."""
    found = ranked(
        demo_night,
        """
        select service_code from behavioural.fct_service_usage group by all
        order by avg((usage_status = 'dropped')::int) desc, service_code
        """,
    )
    worst = max(planted["usage.dropped_pct"].items(), key=lambda each: each[1])
    assert found[0] == worst[0]


def test_customers_are_reached_in_the_evening(demo_night: House) -> None:
    """Of outbound contacts, by the hour of the company's clock."""
    by_day, evening = ranked(
        demo_night,
        """
        select avg(was_answered::int) from behavioural.fct_service_contact
        where direction_code = 'outbound'
        group by hour(started_at + interval 8 hours) >= 17
        order by hour(started_at + interval 8 hours) >= 17
        """,
    )
    assert evening > by_day


def test_most_suggestions_are_about_what_is_planted(
    demo_night: House, planted: Effects
) -> None:
    """Whatever else is suggested."""
    found = ranked(
        demo_night,
        """
        select suggestion_topic_code from behavioural.fct_service_contact
        where is_suggestion group by all order by count(*) desc
        """,
    )
    assert [found[0]] == list(planted["contact.suggestion_pct"])


@pytest.mark.parametrize(
    ("column", "dictionary"),
    [
        ("fct_service_contact.reason_code", "contact_reason"),
        ("fct_service_contact.outcome_code", "contact_outcome"),
        ("fct_service_contact.direction_code", "contact_direction"),
        ("fct_service_contact.suggestion_topic_code", "suggestion_topic"),
        ("fct_complaint.reason_code", "complaint_reason"),
        ("fct_complaint.outcome_code", "complaint_outcome"),
        ("fct_complaint.stage_code", "complaint_stage"),
        ("fct_service_usage.service_code", "service"),
        ("fct_service_usage.usage_status", "usage_status"),
        ("fct_deal_step.step_code", "deal_step"),
    ],
)
def test_every_code_occurs_and_no_other(
    demo_night: House, column: str, dictionary: str
) -> None:
    """Each code of the dictionary, in a fact of a hundred rows and more."""
    table, _, name = column.partition(".")
    codes = "select code from shared.dim_dictionary_code where dictionary_name = $1"
    held = f"select {name} from behavioural.{table}"  # noqa: S608
    used = ranked(demo_night, held)
    assert len(used) >= 100
    assert {code for code in used if code} == set(ranked(demo_night, codes, dictionary))
