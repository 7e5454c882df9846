"""Warnings of the status: gaps, names that came again; and the latest of checks."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from night_world import Nights, open_company
from receiving_world import MONDAY, World, table

from expectations import CheckResult, Outcome, Severity, Stage
from pipelines.assets.checks import last_results
from pipelines.oddities import find_oddities
from pipelines.resources import House
from warehouse.checks import record_checks
from warehouse.clock import SteppingClock
from warehouse.company import read_company
from warehouse.database import attach, session
from warehouse.receiving import last_load, receive_date

HEADER = b"id,name,age,born,spent\n"


def oddities(world: World) -> list[tuple[object, ...]]:
    """What is odd about the deliveries of the world."""
    with session(world.settings) as connection:
        attach(connection, world.settings.places.ledger_copy, alias="copy")
        return find_oddities(connection)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A company of one table."""
    return World(tmp_path, table())


def come(world: World, *offsets: int) -> None:
    """Receive a delivery for each of some days after a Monday."""
    for offset in offsets:
        on = MONDAY + timedelta(days=offset)
        world.receive(HEADER + f"{offset},Ann,,,\n".encode(), on=on)


def test_a_day_without_deliveries_is_warned_of(world: World) -> None:
    """Where something came each day."""
    come(world, 0, 1, 2, 4, 5)
    said = "nothing came for the 1 days after this one"
    assert oddities(world) == [(None, None, MONDAY + timedelta(days=2), said)]


def test_deliveries_now_and_then_leave_no_gap(world: World) -> None:
    """A rhythm that nobody kept cannot be broken."""
    come(world, 0, 3, 4, 9)
    assert oddities(world) == []


def test_the_same_name_with_other_bytes_is_warned_of(world: World) -> None:
    """It is a new version; somebody should know."""
    come(world, 0)
    world.receive(HEADER + b"7,Bob,,,\n")
    said = "people came again with other bytes: a new version"
    assert oddities(world) == [("crm", "people", MONDAY, said)]


def test_a_table_that_missed_a_date_is_warned_of(tmp_path: Path) -> None:
    """Where others came on that date."""
    house = open_company(tmp_path, "tiny")
    header = "member,name,email,city\n"
    for day in range(5, 10):
        on = f"2026-01-0{day}"
        house.deliver(on, "members.csv", f"{header}1,Ann {day},ann@example.com,Bonn\n")
        if day != 7:
            sold = f"r{day},1,1,2026-01-0{day} 10:00:00,1,2.50\n"
            sales = "receipt,line,member,sold_at,quantity,amount\n"
            house.deliver(on, "sales.csv", sales + sold)
        house.receive(on)
    with session(house.settings) as connection:
        attach(connection, house.settings.places.ledger_copy, alias="copy")
        found = find_oddities(connection)
    said = "later dates that brought others and not this table: 1"
    assert found == [("desk", "sales", date(2026, 1, 6), said)]


@pytest.fixture
def received(tmp_path: Path) -> Nights:
    """The tiny company after one delivery."""
    house = open_company(tmp_path, "tiny")
    members = "member,name,email,city\n1,Ann,ann@example.com,Bonn\n"
    house.deliver("2026-01-05", "members.csv", members)
    house.receive()
    return house


def result(severity: Severity, outcome: Outcome) -> CheckResult:
    """A result of the gate."""
    return CheckResult(
        stage=Stage.GATE,
        suite_name="gate.x",
        check_name="key_is_unique",
        table_name="descriptive.dim_customer",
        column_name=None,
        severity=severity,
        outcome=outcome,
        observed_value=None,
        rows_checked=1,
        rows_failed=0,
        message="Keys are unique.",
    )


def test_what_the_gate_found_is_read_back_as_it_was(received: Nights) -> None:
    """An error that came back as another thing once let a bad release through."""
    found = result(Severity.ERROR, Outcome.FAILED)
    house = House.open(received.settings)
    load = last_load(received.settings)
    assert load is not None
    record_checks(received.settings, [asdict(found)], load=load, clock=house.clock)
    [read_back] = last_results(house, Stage.GATE)
    assert read_back == found
    assert read_back.is_error


def test_the_last_results_count_though_the_clock_goes_back(received: Nights) -> None:
    """What was found last is what was recorded last."""
    load = last_load(received.settings)
    assert load is not None
    first = result(Severity.ERROR, Outcome.FAILED)
    second = result(Severity.ERROR, Outcome.PASSED)
    for found, at in ((first, datetime(2026, 3, 2)), (second, datetime(2026, 3, 1))):
        clock = SteppingClock(at)
        record_checks(received.settings, [asdict(found)], load=load, clock=clock)
    assert last_results(House.open(received.settings), Stage.GATE) == [second]


def test_what_is_checked_after_a_late_file_is_of_the_last_night(
    received: Nights,
) -> None:
    """Grades take the gate of the night, which measures it by all that has come."""
    members = "member,name,email,city\n7,Di,,\n"
    received.deliver("2026-01-02", "members.csv", members)
    [load] = received.receive()
    assert load.business_date == date(2026, 1, 2)
    found = result(Severity.ERROR, Outcome.PASSED)
    clock = SteppingClock(datetime(2026, 3, 1))
    record_checks(received.settings, [asdict(found)], load=load, clock=clock)
    with session(received.settings) as connection:
        attach(connection, received.settings.places.archive, alias="archive")
        stamped = connection.execute(
            "select batch_id, business_date from archive.checks.result"
        ).fetchall()
    assert stamped == [(load.batch_id, date(2026, 1, 5))]


def test_the_clock_of_replay_goes_on_after_the_last_load(received: Nights) -> None:
    """So nights one by one read what one run reads."""
    load = last_load(received.settings)
    assert load is not None
    second = timedelta(seconds=1)
    assert House.open(received.settings).clock.now() == load.finished_at + second


def test_the_copy_of_the_ledger_is_made_again_when_it_is_behind(
    received: Nights,
) -> None:
    """A night killed between its loads and the copy leaves an old one."""
    places, company = received.settings.places, read_company(received.settings)
    known = places.ledger_copy.read_bytes()
    received.deliver("2026-01-06", "members.csv", "member,name,email,city\n2,Bo,,\n")
    clock = SteppingClock(datetime(2026, 2, 2))
    receive_date(received.settings, company, date(2026, 1, 6), clock=clock)
    places.ledger_copy.write_bytes(known)
    receive_date(received.settings, company, date(2026, 1, 6), clock=clock)
    with session(received.settings) as connection:
        attach(connection, places.ledger_copy, alias="copy")
        found = connection.execute("select count(*) from copy.ledger.load").fetchone()
    assert found == (2,)


def test_an_archive_without_tables_holds_no_load(tmp_path: Path) -> None:
    """The first night was killed before it had made them."""
    house = open_company(tmp_path, "tiny")
    house.settings.places.prepare()
    with session(house.settings, write=house.settings.places.archive):
        pass
    assert last_load(house.settings) is None
