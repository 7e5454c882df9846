"""The demo's service: what begins unfolds day by day, and what is planted is there."""

from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from warehouse.demo import complaints, deals, service_desk, staff, telephony
from warehouse.demo.chance import Chance
from warehouse.demo.complaints import STAGES, UNHAPPY_REGION, Tickets
from warehouse.demo.deliveries import Desk
from warehouse.demo.goods import Goods
from warehouse.demo.making import Making
from warehouse.demo.population import Population
from warehouse.demo.presence import take_presence
from warehouse.demo.stock import Stock
from warehouse.demo.unfolding import BEFORE, NOT_YET, end_of
from warehouse.demo.vocabulary import CITIES

CUSTOMERS, DAYS = 40_000, 120


@pytest.fixture(scope="module")
def making() -> Making:
    """A demo company large enough for shares to show; nothing of it is written."""
    chance = Chance(3)
    people = Population(chance, CUSTOMERS)
    presence = take_presence(people, DAYS)
    goods = Goods(chance, 800, 4)
    return Making(
        presence,
        goods,
        Desk(Path("nowhere")),
        sale_lines=0,
        stock=Stock(goods, DAYS),
    )


@pytest.fixture(scope="module")
def tickets(making: Making) -> Tickets:
    """The tickets of the two years before the demo."""
    count = complaints.how_many(making, BEFORE)
    return complaints.draw_tickets(making, BEFORE, 0, count)


def asked(query: str, **tables: pa.Table) -> list[tuple]:
    """Query tables in memory."""
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return connection.execute(query).fetchall()


def test_stages_follow_each_other_and_every_ticket_ends(tickets: Tickets) -> None:
    """What is answered is answered after it was assigned; withdrawn ones never are."""
    assert len(tickets.stages) == len(STAGES)
    reached = np.where(tickets.stages == NOT_YET, tickets.stages[1], tickets.stages)
    assert (np.diff(reached, axis=0) >= 0).all()
    within = tickets.stages[-1] - tickets.stages[0] < complaints.LONGEST * 86_400
    assert within.all()
    is_withdrawn = tickets.outcome == complaints.OUTCOMES.index("withdrawn")
    assert ((tickets.stages[2] == NOT_YET) == is_withdrawn).all()


def test_a_ticket_is_told_of_whenever_it_changed_and_never_else(
    making: Making,
) -> None:
    """Its states, day by day, are its stages in turn; the last of them is its end."""
    count = complaints.how_many(making, 5)
    raised = complaints.draw_tickets(making, 5, 0, count)
    told = [
        complaints.tickets_of_day(making, raised, 5, day)
        for day in range(5, 5 + complaints.LONGEST + 1)
    ]
    states = pa.concat_tables(told)
    assert set(states["ticket"].to_pylist()) == set(raised.number.to_pylist())
    assert asked(
        "select max(closed_at = '') from (select arg_max(closed_at, updated_at) as "
        "closed_at from states group by ticket)",
        states=states,
    ) == [(False,)]
    days = [
        {int(end_day) for end_day in _days(stages)} for stages in raised.stages.T[:50]
    ]
    seen = Counter(states["ticket"].to_pylist())
    numbers = raised.number.to_pylist()[:50]
    assert [seen[number] for number in numbers] == [len(each) for each in days]


def _days(stages: np.ndarray) -> np.ndarray:
    reached = stages[stages != NOT_YET]
    return (reached - end_of(-1)) // 86_400


def test_the_first_day_tells_how_all_before_it_stands(
    making: Making, tickets: Tickets
) -> None:
    """A few are still open on the first day, and close on one of the next."""
    first = complaints.tickets_of_day(making, tickets, BEFORE, 0)
    assert len(first) == len(tickets.customer)
    later = [
        complaints.tickets_of_day(making, tickets, BEFORE, day)
        for day in range(1, complaints.LONGEST)
    ]
    was_open = {
        ticket
        for ticket, closed in zip(
            first["ticket"].to_pylist(), first["closed_at"].to_pylist(), strict=True
        )
        if not closed
    }
    assert was_open == set(pa.concat_tables(later)["ticket"].to_pylist())
    assert 0 < len(was_open) < len(first) / 50


def test_one_region_complains_more_than_others(
    making: Making, tickets: Tickets
) -> None:
    """As many times as much as is planted, among as many customers."""
    in_region = np.array([city.region == UNHAPPY_REGION for city in CITIES])
    everybody = in_region[making.people.home(np.arange(CUSTOMERS))]
    complaining = in_region[making.people.home(tickets.customer)]
    inside = complaining.sum() / everybody.sum()
    outside = (~complaining).sum() / (~everybody).sum()
    assert inside / outside == pytest.approx(complaints.UNHAPPY_RATIO, rel=0.1)


def test_one_team_answers_late(tickets: Tickets) -> None:
    """Its answers take as many times as long as is planted."""
    teams = np.array(staff.HANDLER_TEAMS)[staff.handler_team(tickets.handler)]
    answered = tickets.stages[2] != NOT_YET
    lag = tickets.stages[2] - tickets.stages[1]
    slow = np.median(lag[answered & (teams == complaints.SLOW_TEAM)])
    others = np.median(lag[answered & (teams != complaints.SLOW_TEAM)])
    assert slow / others == pytest.approx(complaints.SLOW_RATIO, rel=0.1)


def test_one_product_is_complained_of_most(tickets: Tickets) -> None:
    """Of the complaints about quality, the planted share."""
    is_quality = tickets.reason == complaints.REASONS.index("quality")
    share = np.mean(tickets.product[is_quality] == complaints.FAULTY_PRODUCT)
    assert 100 * share == pytest.approx(complaints.FAULTY_PCT, rel=0.1)


def test_complaints_that_come_by_the_desk_are_contacts_too(
    making: Making, tickets: Tickets
) -> None:
    """Of one customer, in one second, about one product."""
    spoken = service_desk.contacts_of_tickets(making, tickets, BEFORE, 0)
    told = complaints.tickets_of_day(making, tickets, BEFORE, 0)
    assert asked(
        "select count(*), count(contact_id), bool_and(coalesce(complaint, true)) "
        "from told left join spoken on contact_id = 'K' || ticket "
        "and caller_id = customer_id and spoken.product_id = told.product_id "
        "and started = epoch(raised_at::timestamptz) "
        "where channel in ('phone', 'web', 'email')",
        told=told,
        spoken=spoken,
    ) == [(len(spoken), len(spoken), True)]


def test_customers_are_at_home_in_the_evening(making: Making) -> None:
    """Outbound contacts reach them as often as is planted, inbound ones always."""
    count = service_desk.how_many(making, BEFORE)
    spoken = service_desk.ordinary_contacts(making, BEFORE, 0, count)
    found = asked(
        "select direction = 'out', hour(to_timestamp(started) at time zone "
        "'Asia/Shanghai') >= 17, 100 * avg((outcome not in "
        "('unreachable', 'wrong_number'))::int) from spoken group by all order by all",
        spoken=spoken,
    )
    by_day, evening = service_desk.REACHED_PCT.values()
    assert [share for is_outbound, _, share in found if not is_outbound] == [100, 100]
    reached = [share for is_outbound, _, share in found if is_outbound]
    assert reached == pytest.approx([by_day, evening], abs=4)


def test_calls_are_cut_off_as_often_as_is_planted(making: Making) -> None:
    """More often when they are seen than when they are heard; sessions never."""
    count = telephony.how_many(making, BEFORE)
    used = telephony.usages(making, BEFORE, 0, count)
    found = dict(
        asked(
            "select service, 100 * avg((status = 'dropped')::int) from used group by 1",
            used=used,
        )
    )
    expected = dict.fromkeys(telephony.SERVICES, 0.0) | telephony.DROPPED_PCT
    assert found == pytest.approx(expected, abs=2.5)


def test_a_deal_unfolds_in_order_and_quick_offers_are_accepted(making: Making) -> None:
    """Each step but the first follows another; the quick ones win more often."""
    drawn = deals.draw_deals(making, BEFORE)
    told = pa.concat_tables(
        deals.steps_of_day(making, drawn, BEFORE, day) for day in range(deals.LONGEST)
    )
    assert len(told) == (drawn.steps != NOT_YET).sum()
    is_quick = drawn.steps[1] - drawn.steps[0] <= deals.QUICK_DAYS * 86_400
    is_accepted = drawn.steps[deals.STEPS.index("acceptance")] != NOT_YET
    found = {
        name: 100 * is_accepted[flags].mean()
        for name, flags in (("quick", is_quick), ("slow", ~is_quick))
    }
    assert found == pytest.approx(deals.ACCEPTED_PCT, abs=5)
    assert asked(
        "select count(*) from (select written_at < lag(written_at) over (partition by "
        "deal order by letter) as is_before from told) where is_before",
        told=told,
    ) == [(0,)]


def test_staff_changes_are_told_on_their_day(making: Making) -> None:
    """One serves before the list has him, one moves to another team, one leaves."""
    told = {day: staff.agents(making, day) for day in range(5)}
    late = staff.agent_codes(np.array([staff.HIRED]))[0].as_py()
    assert late not in told[0]["agent"].to_pylist()
    assert told[staff.HIRED_ON]["agent"].to_pylist() == [late]
    assert told[staff.MOVED_ON]["team"].to_pylist() == ["Technical desk"]
    assert told[staff.LEFT_ON]["ended_on"].to_pylist() == ["2026-01-04"]
    assert len(told[4]) == 0
