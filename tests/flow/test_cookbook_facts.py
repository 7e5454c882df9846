"""What the demo planted nothing for, the cookbook counts as the facts do."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from house import House
from test_cookbook import asked

Row = dict[str, Any]
TODAY = date(2026, 1, 4)
"""The last business date of the demo's night."""
WAITING = """
with contacts as (
    select customer_id, started_at as happened_at from behavioural.fct_service_contact
    union all
    select customer_id, touched_at from behavioural.fct_campaign_touch
    union all
    select customer_id, stepped_at from behavioural.fct_deal_step
),
lasts as (
    select customer_id, max(happened_at) as happened_at from contacts group by all
),
starts as (
    select customer_id, min(greatest(valid_from, first_seen_at)) as started_at
    from descriptive.dim_customer where not is_prospect group by all
)
select
    customer_id,
    contact_strategy_code,
    cast(timezone('Asia/Shanghai', timezone(
        'UTC', coalesce(happened_at, started_at)
    )) as date) + contact_cycle_days as due_date
from descriptive.dim_customer
left join lasts using (customer_id)
left join starts using (customer_id)
where is_current and not is_prospect and not is_deleted and due_date < ?
order by due_date, customer_id
"""
"""Of whom nothing was heard for a cycle; of whom never was, since it is a customer."""


@pytest.fixture(scope="module")
def bought(demo_night: House) -> dict[str, tuple[Any, ...]]:
    """Per customer the orders, amount, first and last moment and day of its sales."""
    rows = demo_night.rows(
        "select customer_id, count(distinct order_key) filter (where not is_return),"
        " sum(company_net_amount), min(ordered_at) filter (where not is_return),"
        " max(ordered_at) filter (where not is_return),"
        " max(cast(ordered_date_key as date)) filter (where not is_return),"
        " avg(cast(discount_amount > 0 as integer)) filter (where not is_return)"
        " from behavioural.fct_sale where customer_id <> '_unknown'"
        " group by customer_id"
    )
    return {customer: tuple(rest) for customer, *rest in rows}


def told(rows: list[Row], *columns: str) -> list[tuple[Any, ...]]:
    """Return some columns of an answer."""
    return [tuple(row[column] for column in columns) for row in rows]


def ages(house: House) -> Iterator[str]:
    """Return the band of age of each person that is a customer, by its birth year."""
    bands = ["under_19", "19_24", "25_34", "35_44", "45_54", "55_64", "65_plus"]
    for year, band in house.rows(
        "select birth_year, age_band_code from descriptive.dim_customer"
        " where is_current and not is_prospect and not is_deleted"
        " and party_kind = 'person'"
    ):
        if year is None:
            yield band or "_unknown"
        else:
            reached = [TODAY.year - year >= age for age in (19, 25, 35, 45, 55, 65)]
            yield bands[sum(reached)]


def test_customers_are_counted_by_age_as_they_are(demo_night: House) -> None:
    """D1: from each one's birth year, or the band that it told."""
    found = {
        row["attribute_value"]: row["customer_count"]
        for row in asked(demo_night, "Who are our customers?")
        if row["attribute_name"] == "age"
    }
    each = list(ages(demo_night))
    assert found == {band: each.count(band) for band in set(each)}


def test_the_best_customers_are_organisations_as_often_as_is_said(
    demo_night: House,
) -> None:
    """D1: who buys in bulk stands first; counted among the members of the segment."""
    first, *_ = asked(demo_night, "How do the best customers differ from all others?")
    assert (first["attribute_name"], first["attribute_value"]) == (
        "kind",
        "organisation",
    )
    [(best, of_best, base, of_base)] = demo_night.rows(
        "select count(member.customer_id),"
        " count(member.customer_id) filter (where party_kind = 'organisation'),"
        " count(*), count(*) filter (where party_kind = 'organisation')"
        " from descriptive.dim_customer as customer"
        " left join associative.bridge_customer_segment as member"
        " on customer.customer_id = member.customer_id and member.is_current"
        " and member.segment_code = 'value_a'"
        " where customer.is_current and not is_prospect and not is_deleted"
        " and customer.customer_id <> '_unknown'"
    )
    assert first["customer_count"] == of_best
    index = 100 * (of_best / best) / (of_base / base)
    assert float(first["index_to_base"]) == pytest.approx(index, abs=0.01)


def test_a_campaign_costs_its_budget(demo_night: House) -> None:
    """D5: of those that went out, for each answer in time."""
    found = asked(demo_night, "Who answers which kind of campaign, and at what cost?")
    counted = demo_night.rows(
        "with sent as (select campaign_key, count_if(was_exposed) as exposures,"
        " sum(response_in_window_count) as answers"
        " from behavioural.fct_campaign_touch group by campaign_key)"
        " select campaign_type_code, sum(exposures), sum(budget_amount),"
        " round(sum(budget_amount) / sum(answers), 2)"
        " from sent inner join shared.dim_campaign using (campaign_key)"
        " where exposures > 0 group by campaign_type_code"
    )
    columns = ("campaign_type_code", "exposures", "cost_amount", "cost_per_response")
    assert sorted(
        (kind, count, float(cost), float(each))
        for kind, count, cost, each in told(found, *columns)
    ) == sorted(
        (kind, count, float(cost), float(each)) for kind, count, cost, each in counted
    )


def test_states_hold_every_customer_and_every_sale(
    demo_night: House, bought: dict[str, tuple[Any, ...]]
) -> None:
    """D9 and E7: whoever bought is in one state, with all that it bought."""
    quiet = asked(demo_night, "Who has gone quiet, and for how long?")
    counts = {row["activity_state_code"]: row["customers"] for row in quiet}
    amount = sum(each[1] for each in bought.values())
    assert sum(counts.values()) - counts["none"] == len(bought)
    assert sum(row["bought_in_all"] for row in quiet) == amount
    views = asked(demo_night, "Who still buys, and who has stopped?")
    assert sum(row["revenue"] for row in views) == amount
    assert {row["activity_state_code"]: row["customers"] for row in views} == {
        **counts,
        "none": views[-1]["customers"],
    }


def test_what_is_told_of_who_is_gone_is_what_they_bought(
    demo_night: House, bought: dict[str, tuple[Any, ...]]
) -> None:
    """D9: the days since, the purchases and the amount."""
    rows = asked(demo_night, "Who was good and is gone, and what did they use to buy?")
    columns = ("customer_id", "days_since_purchase", "purchase_count", "net_amount")
    for customer, days, count, amount in told(rows, *columns):
        orders, sold, *_, last, _ = bought[customer]
        assert (days, count, amount) == ((TODAY - last).days, orders, sold)


def test_cohorts_are_those_of_the_sales(demo_night: House) -> None:
    """D9: by the month of the first purchase, and six months after it."""
    rows = asked(
        demo_night,
        "How many of those who came in a quarter are still buying half a year on?",
    )
    assert told(rows, "came_in", "customers", "buying") == demo_night.rows(
        "with months as (select distinct customer_id,"
        " date_trunc('month', cast(ordered_date_key as date)) as month"
        " from behavioural.fct_sale where customer_id <> '_unknown'"
        " and not is_return),"
        " firsts as (select customer_id, min(month) as month from months group by all)"
        " select cast(date_trunc('quarter', firsts.month) as date) as came_in,"
        " count(*), count(months.customer_id) from firsts left join months"
        " on firsts.customer_id = months.customer_id"
        " and months.month = firsts.month + interval 6 month"
        " where firsts.month <= date '2025-07-01' group by came_in order by came_in"
    )


def test_who_is_due_was_not_contacted_within_the_cycle(demo_night: House) -> None:
    """E1: of every strategy as many wait as no contact tells of."""
    waiting = demo_night.rows(WAITING, [TODAY])
    found = asked(demo_night, "Who is due for a contact today, and why?")
    columns = ("customer_id", "strategy_code", "due_date")
    assert told(found, *columns) == waiting[: len(found)]
    assert [row["days_overdue"] for row in found] == [
        (TODAY - due).days for _, _, due in waiting[: len(found)]
    ]
    for row in asked(demo_night, "How many wait for a word from us, by strategy?"):
        of_strategy = [due for _, code, due in waiting if code == row["strategy_code"]]
        assert row["waiting"] == len(of_strategy)


def test_who_has_fallen_behind_bought_last_a_cycle_ago(
    demo_night: House, bought: dict[str, tuple[Any, ...]]
) -> None:
    """E2: what they bought, and since when they should have bought again."""
    cycles = dict(
        demo_night.rows(
            "select customer_id, purchase_cycle_days from descriptive.dim_customer"
            " where is_current"
        )
    )
    for row in asked(demo_night, "Which good customers have fallen behind?"):
        orders, amount, *_, last, _ = bought[row["customer_id"]]
        due = last + timedelta(days=cycles[row["customer_id"]])
        assert row["days_overdue"] == (TODAY - due).days
        assert row["transaction_count"] == orders
        assert row["transaction_amount"] == amount


def test_alerts_are_cleared_on_the_day_of_a_purchase(demo_night: House) -> None:
    """E2: as many as bought again after more than a cycle."""
    rows = asked(demo_night, "Which alerts did a purchase clear?")
    assert told(rows, "raised_on", "cleared_on", "alerts") == demo_night.rows(
        "with days as (select distinct customer_id,"
        " cast(ordered_date_key as date) as day from behavioural.fct_sale"
        " where customer_id <> '_unknown' and not is_return),"
        " pairs as (select customer_id, day, lead(day) over ("
        "partition by customer_id order by day) as next_day from days)"
        " select greatest(date '2026-01-01', day + purchase_cycle_days + 1) as raised,"
        " next_day, count(*) from pairs"
        " inner join descriptive.dim_customer as customer using (customer_id)"
        " where is_current and not is_prospect and not is_deleted"
        " and next_day > raised group by all order by all"
    )


def test_the_ten_best_are_those_who_bought_most(
    demo_night: House, bought: dict[str, tuple[Any, ...]]
) -> None:
    """E3: with number, amount, first and last, as the sales have them."""
    rows = asked(demo_night, "Who are the ten best customers?")
    ranked = sorted(bought.items(), key=lambda pair: (-pair[1][1], pair[0]))[:10]
    columns = ("count", "amount")
    assert told(
        rows,
        "customer_id",
        *(f"transaction_{column}" for column in columns),
        "first_transaction_at",
        "last_transaction_at",
    ) == [(customer, *facts[:4]) for customer, facts in ranked]


def test_own_and_bought_names_are_told_apart_by_their_sources(
    demo_night: House,
) -> None:
    """E7: a customer is ours by a record of our own, on a list by one of a list."""
    known: dict[tuple[str, str], set[str]] = {}
    for kind, source, customer in demo_night.rows(
        "select party_kind, source_kind, customer_id"
        " from descriptive.bridge_customer_identity as link"
        " inner join shared.dim_source using (source_name)"
        " inner join descriptive.dim_customer as customer using (customer_id)"
        " where link.known_to = timestamp '9999-12-31' and customer.is_current"
        " and not customer.is_deleted"
    ):
        known.setdefault((kind, source), set()).add(customer)
    found = asked(demo_night, "Whom do we know ourselves, and whom only from lists?")
    for row in found:
        own = known[row["party_kind"], "internal"]
        listed = known[row["party_kind"], "external"]
        assert (row["own"], row["on_lists"]) == (len(own), len(listed))
        assert row["both"] == len(own & listed)


def test_who_leans_to_discounts_buys_at_a_discount(
    demo_night: House, bought: dict[str, tuple[Any, ...]]
) -> None:
    """E7: the share of lines that were sold for less."""
    for row in asked(demo_night, "Who leans most to discounts?"):
        share = bought[row["customer_id"]][-1]
        assert float(row["discount_sensitivity"]) == pytest.approx(share, abs=0.0001)
