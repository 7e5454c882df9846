"""Whom campaigns reached, with whose consent, and what visitors did: in the demo."""

import json
import re
from datetime import datetime, timedelta
from itertools import pairwise

import duckdb
import pytest
from house import House

from warehouse.settings import PROJECT_ROOT

NOW_KNOWN = datetime(9999, 12, 30)
IDLE = timedelta(minutes=30)


@pytest.fixture(scope="module")
def marts(demo_night: House) -> duckdb.DuckDBPyConnection:
    """The release of the demo."""
    release = demo_night.settings.places.published / "current" / "marts.duckdb"
    return duckdb.connect(str(release), read_only=True)


@pytest.fixture(scope="module")
def planted(demo_night: House) -> dict:
    """What was planted for analyses to find, by name."""
    file = demo_night.settings.places.root / "truth" / "effects.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    return {name: effect["value"] for name, effect in told.items()}


def test_the_campaign_that_asked_nobody_is_found(
    marts: duckdb.DuckDBPyConnection, planted: dict
) -> None:
    """Every other campaign of the desk went to those who agreed, and to them only."""
    unasked = marts.execute(
        "select campaign_record_id, count(*) from behavioural.fct_campaign_touch "
        "inner join shared.dim_campaign using (campaign_key) where was_exposed and "
        "not was_permitted and fct_campaign_touch.source_key = 'campaign' "
        "group by all order by 2 desc"
    ).fetchall()
    assert unasked[0][0] == planted["campaign.careless"]
    assert unasked[0][1] > 10 * sum(count for _, count in unasked[1:])


def test_the_campaign_that_nobody_answers_is_found(
    marts: duckdb.DuckDBPyConnection, planted: dict
) -> None:
    """It has the lowest response rate, far from that of its kind."""
    rates = dict(
        marts.execute(
            "select campaign_record_id, sum(exposures_answered) / sum(exposures) "
            "from aggregates.agg_campaign inner join shared.dim_campaign "
            "using (campaign_key) group by all"
        ).fetchall()
    )
    failing = planted["campaign.failing"]
    assert min(rates, key=rates.__getitem__) == failing
    assert 100 * rates[failing] < planted["campaign.answered_pct"]["coupon"] / 3


def test_carts_are_left_where_they_are_planted_to_be(
    marts: duckdb.DuckDBPyConnection, planted: dict
) -> None:
    """The device on which fewest carts are bought is that on which most are left."""
    left = dict(
        marts.execute(
            "select device_code, avg(is_cart_left::integer) from "
            "behavioural.fct_web_session where cart_add_count > 0 group by all"
        ).fetchall()
    )
    bought = planted["web.cart_bought_pct"]
    assert max(left, key=left.__getitem__) == min(bought, key=bought.__getitem__)


def test_a_touch_was_permitted_as_the_macro_says_of_its_moment(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """The rule stands twice, in the nightly models and in the macro: they agree."""
    touches = marts.execute(
        "select touch.customer_id, campaign.purpose_code, touch.channel_key, "
        "touch.touched_at, touch.was_permitted "
        "from behavioural.fct_campaign_touch as touch "
        "inner join shared.dim_campaign as campaign using (campaign_key) "
        "where touch.was_exposed and touch.source_key = 'campaign' "
        "order by md5(touch.campaign_touch_key) limit 60"
    ).fetchall()
    assert {permitted for *_, permitted in touches} == {True, False}
    for customer, purpose, channel, at, permitted in touches:
        granted = marts.execute(
            "select is_granted from consent_as_of($1, $2) where customer_id = $3 "
            "and purpose_code = $4 and channel_code = $5",
            [at, NOW_KNOWN, customer, purpose, channel],
        ).fetchall()
        assert permitted == (granted == [(True,)]), (customer, at)


def test_nobody_was_told_of_a_notice_before_it_was_given(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """Each purpose but service has its notice, in the version of the moment."""
    file = str(PROJECT_ROOT / "seeds" / "notice.csv")
    told = marts.execute(
        "select purpose_code, count(*) filter (where notice_code is null), "
        "count(notice_code) filter (where valid_from is null or consented_at < "
        "valid_from) from descriptive.fct_consent left join read_csv($1) as notice "
        "on notice_code = code group by all",
        [file],
    ).fetchall()
    assert {purpose for purpose, unsaid, _ in told if unsaid} == {"service"}
    assert not any(early for *_, early in told)


def test_a_budget_is_spread_without_rest(marts: duckdb.DuckDBPyConnection) -> None:
    """The parts of each campaign that reached somebody make its budget."""
    wrong = marts.execute(
        "select campaign_key, sum(spread.budget_amount), dim_campaign.budget_amount "
        "from aggregates.agg_campaign as spread inner join shared.dim_campaign "
        "using (campaign_key) group by campaign_key, dim_campaign.budget_amount "
        "having sum(spread.budget_amount) <> dim_campaign.budget_amount"
    ).fetchall()
    assert not wrong


def test_a_sale_is_attributed_once_and_within_the_window(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """What is attributed of a customer is never more than the customer bought."""
    [[attributed, wrong]] = marts.execute(
        "with given as (select customer_id, sum(attributed_order_count) as orders "
        "from behavioural.fct_campaign_touch group by all), bought as (select "
        "customer_id, count(distinct order_key) as orders from behavioural.fct_sale "
        "where ordered_at >= (select min(touched_at) from "
        "behavioural.fct_campaign_touch) group by all) select sum(given.orders), "
        "count(*) filter (where given.orders > coalesce(bought.orders, 0)) "
        "from given left join bought using (customer_id)"
    ).fetchall()
    assert attributed > 0
    assert wrong == 0


def test_visits_end_where_nothing_happens_for_half_an_hour(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """Worked out again, one visitor after the other, from the events alone."""
    events = marts.execute(
        "select source_key, visitor_hash, occurred_at, web_session_key "
        "from behavioural.fct_web_event order by 1, 2, 3, web_event_key"
    ).fetchall()
    visits = len(set(session for *_, session in events))
    assert 1 < visits < len(events)
    for earlier, later in pairwise(events):
        is_one = earlier[:2] == later[:2] and later[2] - earlier[2] <= IDLE
        assert is_one == (earlier[3] == later[3])


def test_a_visitor_is_known_once_signed_in(marts: duckdb.DuckDBPyConnection) -> None:
    """Nobody who ever signs in is a stranger in the same browser."""
    [[stitched, strangers]] = marts.execute(
        "select count(*) filter (where is_stitched), count(*) filter (where "
        "customer_id = '_unknown' and visitor_hash in (select visitor_hash from "
        "behavioural.fct_web_event where customer_id <> '_unknown' and source_key = "
        "'web') and source_key = 'web') from behavioural.fct_web_event"
    ).fetchall()
    assert stitched > 0
    assert strangers == 0


@pytest.mark.parametrize("page", ["campaigns", "visits"])
def test_a_question_of_the_page_has_an_answer(
    marts: duckdb.DuckDBPyConnection, page: str
) -> None:
    """Each query of the page runs on the release as it is printed."""
    text = (PROJECT_ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    queries = re.findall(r"^```sql\n(.*?)^```", text, re.M | re.S)
    assert len(queries) == 3
    for query in queries:
        assert marts.execute(query).fetchall(), query
