"""Deliveries land ahead of their turn: what comes of it is as if they came alone."""

from datetime import timedelta
from pathlib import Path

import pytest
from receiving_world import MONDAY, World, table

from warehouse.checks import record_checks
from warehouse.receiving import Load, ahead, last_load, receive_dates
from warehouse.receiving.landing import Landed, land
from warehouse.receiving.receipt import Receipt

DATES = [MONDAY, MONDAY + timedelta(days=1)]
NAMES = [f"people{number:02}" for number in range(12)]
CHECKED = {
    "stage": "door",
    "suite_name": "doors",
    "check_name": "ledger_balances",
    "table_name": "ledger.load",
    "severity": "error",
    "outcome": "passed",
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A company that takes files of people."""
    return World(tmp_path, table())


def body(key: str) -> bytes:
    """Return a delivery of one row."""
    return f"id,name,age,born,spent\n{key},Ann,1,,\n".encode()


def deliver(world: World) -> None:
    """Deliver twelve files on each of two dates, those of the second day once more."""
    for on in DATES:
        for name in NAMES:
            world.deliver(body(f"{on:%d}{name}"), name, on)
    world.deliver(body(f"{DATES[1]:%d}{NAMES[0]}"), "people99", DATES[1])


def receive(world: World) -> list[Load]:
    """Receive both dates in one go."""
    return receive_dates(world.settings, world.company, DATES, clock=world.clock)


def test_loads_keep_the_order_of_dates_and_names(world: World) -> None:
    """Whichever lands first, ids and known times follow date and name."""
    deliver(world)
    loads = receive(world)
    expected = [(on, name) for on in DATES for name in NAMES]
    expected.append((DATES[1], "people99"))
    assert [(load.business_date, load.delivered_name) for load in loads] == expected
    assert [load.load_id for load in loads] == list(range(1, len(expected) + 1))
    known = [load.known_at for load in loads]
    assert known == sorted(set(known))
    assert [load.batch_id for load in loads] == [1] * 12 + [2] * 13


def test_bytes_that_come_twice_in_one_go_are_a_repeat(world: World) -> None:
    """Both land before either is loaded, and only the first is."""
    deliver(world)
    loads = receive(world)
    assert [load.status for load in loads] == ["loaded"] * 24 + ["repeated"]
    assert len(world.raw("id")) == 24


def test_rows_are_held_against_the_archive_while_they_land(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless another delivery of the table is to be appended before."""
    world = World(tmp_path, table(keys=["id"], delivery="delta"))
    told: dict[str, bool] = {}

    def watched(receipt: Receipt) -> Landed:
        landed = land(receipt)
        told[receipt.delivery.name] = landed.left_out is not None
        return landed

    said = "id,name,age,born,spent\n1,Ann,1,,\n"
    world.deliver(said.encode(), "people1")
    world.deliver(f"{said}2,Bea,1,,\n".encode(), "people2")
    monkeypatch.setattr(ahead, "land", watched)
    loads = receive_dates(world.settings, world.company, [MONDAY], clock=world.clock)
    assert told == {"people1": True, "people2": False}
    assert [load.rows_repeated for load in loads] == [0, 1]
    assert len(world.raw("id")) == 2


@pytest.mark.parametrize("most", [1, 1 << 30])
def test_how_much_may_lie_landed_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """A big file lands alone; small ones together."""
    monkeypatch.setattr(ahead, "_MOST_BYTES", most)
    deliver(world)
    assert [load.load_id for load in receive(world)] == list(range(1, 26))


def test_a_landing_that_fails_ends_the_run_and_keeps_what_came_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sessions of those still landing are closed, so that a next run can begin."""

    def failing(receipt: Receipt) -> Landed:
        if receipt.delivery.name == NAMES[2]:
            raise OSError("no space left")
        return land(receipt)

    deliver(world)
    monkeypatch.setattr(ahead, "land", failing)
    with pytest.raises(OSError, match="no space"):
        receive(world)
    last = last_load(world.settings)
    assert last is not None
    assert last.load_id == 2
    assert list(world.settings.places.temporary.iterdir()) == []
    monkeypatch.undo()
    assert [load.load_id for load in receive(world)] == list(range(3, 26))
    batches = world.rows("select batch_id from ledger.load order by load_id")
    assert batches == [(1,)] * 12 + [(2,)] * 13


def test_what_comes_after_the_doors_were_checked_is_another_batch(world: World) -> None:
    """What is built may rest on the loads before; until then it is one night."""
    first, second, third = (body(f"{number}") for number in range(3))
    assert world.receive(first).batch_id == 1
    load = world.receive(second, "people-more")
    assert load.batch_id == 1
    record_checks(world.settings, [CHECKED], load=load, clock=world.clock)
    assert world.receive(third, "people-late").batch_id == 2
    on = DATES[1]
    assert world.receive(body("4"), on=on).batch_id == 3
    assert world.receive(body("5"), "people-late", on=on).batch_id == 3
    assert world.receive(body("6"), "people-later").batch_id == 4
