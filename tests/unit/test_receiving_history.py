"""Snapshots, deltas, mended rows: what is loaded, repeated, concluded, restated."""

import itertools
from datetime import date, timedelta
from pathlib import Path

import pytest
from receiving_world import GOOD, HEADER, MONDAY, PEOPLE, World, table

from warehouse.errors import WrongUseError
from warehouse.quarantine import accept
from warehouse.receiving import unclaimed

SNAPSHOT = {"delivery": "full", "keys": ["id"], "columns": PEOPLE[:2]}
DAYS = [MONDAY + timedelta(days=index) for index in range(4)]
STATES: list[dict[str, str]] = [
    {"1": "Ann", "2": "Bob", "3": "Cid", "5": "Eve"},
    {"1": "Ann", "2": "Bo", "4": "Dan", "5": "Eve"},
    {"1": "Anna", "2": "Bob", "3": "Cid", "4": "Dan", "5": "Eve"},
    {"1": "Anna", "2": "Bob", "4": "Dana", "6": "Fay"},
]


def snapshot(state: dict[str, str]) -> bytes:
    """Write a state as a file."""
    return b"id,name\n" + "".join(f"{k},{v}\n" for k, v in state.items()).encode()


def state_of(world: World, on: date) -> dict[str, str]:
    """Return the state that raw holds as of a business date."""
    rows = world.rows(
        f"""
        select id, name from raw_crm.people where _delivered_on <= date '{on}'
        qualify row_number() over (
            partition by id order by _delivered_on desc, _load_id desc
        ) = 1 and not _is_deleted order by id
        """  # noqa: S608 - a date of the test
    )
    return dict(rows)


def test_a_snapshot_adds_only_what_changed(tmp_path: Path) -> None:
    """Raw grows with change; a key that is gone gets a tombstone."""
    world = World(tmp_path, table(**SNAPSHOT))
    world.receive(snapshot(STATES[0]), on=DAYS[0])
    load = world.receive(snapshot(STATES[1]), on=DAYS[1])
    assert (load.rows_loaded, load.rows_repeated, load.rows_deleted) == (2, 2, 1)
    assert world.rows(
        "select id, name, _row, _is_deleted from raw_crm.people where _load_id = 2 "
        "order by _row"
    ) == [("3", "Cid", -1, True), ("2", "Bo", 2, False), ("4", "Dan", 3, False)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_snapshots_in_any_order_give_the_same_states(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    """Late files correct the middle of history, not its end."""
    world = World(tmp_path, table(**SNAPSHOT))
    for index in order:
        world.receive(snapshot(STATES[index]), on=DAYS[index])
    assert [state_of(world, on) for on in DAYS] == STATES


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_snapshot_may_return_to_an_earlier_state(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    """The bytes of an earlier day count again once others came between."""
    states = [STATES[0], STATES[1], STATES[0]]
    world = World(tmp_path, table(**SNAPSHOT))
    for index in order:
        world.receive(snapshot(states[index]), on=DAYS[index])
    assert [state_of(world, on) for on in DAYS[:3]] == states
    again = world.receive(snapshot(states[2]), "people again", on=DAYS[2])
    assert (again.status, again.rows_repeated) == ("repeated", len(states[2]))


def test_a_return_held_for_its_volume_comes_in_once_accepted(tmp_path: Path) -> None:
    """That its bytes came in on an earlier day settles nothing."""
    world = World(tmp_path, table(**SNAPSHOT, rows={"shrinkage_pct": 10}))
    few = {"1": "Ann"}
    world.receive(snapshot(few), on=DAYS[0])
    world.receive(snapshot(STATES[0]), on=DAYS[1])
    held = world.receive(snapshot(few), on=DAYS[2])
    assert held.reason_code == "shrinkage"
    accept(world.settings, world.company, held.load_id, world.word())
    [load, _] = world.night(DAYS[2])
    assert (load.status, load.rows_deleted) == ("loaded", 3)


def test_a_key_in_quarantine_is_not_gone(tmp_path: Path) -> None:
    """A row that is badly written is still there."""
    described = [PEOPLE[0], PEOPLE[2]]
    world = World(tmp_path, table(**{**SNAPSHOT, "columns": described}))
    world.receive(b"id,age\n1,10\n2,20\n", on=DAYS[0])
    load = world.receive(b"id,age\n1,11\n2,old\n", on=DAYS[1])
    assert (load.rows_loaded, load.rows_quarantined, load.rows_deleted) == (1, 1, 0)


def test_a_snapshot_with_unreadable_rows_concludes_no_deletion(tmp_path: Path) -> None:
    """An unreadable row may be any key."""
    world = World(tmp_path, table(**SNAPSHOT))
    world.receive(snapshot(STATES[0]), on=DAYS[0])
    load = world.receive(b"id,name\n1,Ann\n2\n", on=DAYS[1])
    assert (load.rows_quarantined, load.rows_deleted) == (1, 0)


def test_an_empty_snapshot_deletes_all_only_where_that_is_allowed(
    tmp_path: Path,
) -> None:
    """Both limits must say so."""
    allowed = {"rows": {"minimum": 0, "shrinkage_pct": 100}}
    world = World(tmp_path, table(**SNAPSHOT, **allowed))
    world.receive(snapshot(STATES[0]), on=DAYS[0])
    load = world.receive(b"id,name\n", on=DAYS[1])
    assert (load.status, load.rows_deleted) == ("loaded", 4)


def test_a_delta_without_a_clock_may_state_an_old_row_again(tmp_path: Path) -> None:
    """A value may return to what it was."""
    world = World(tmp_path, table(**{**SNAPSHOT, "delivery": "delta"}))
    world.receive(b"id,name\n1,Ann\n", on=DAYS[0])
    world.receive(b"id,name\n1,Anna\n", on=DAYS[1])
    load = world.receive(b"id,name\n1,Ann\n\n", on=DAYS[2])
    assert load.rows_loaded == 1
    assert state_of(world, DAYS[2]) == {"1": "Ann"}


@pytest.mark.parametrize("delivery", ["append", "delta"])
@pytest.mark.parametrize("files", [3, 1])
def test_a_correction_may_be_taken_back(
    tmp_path: Path, delivery: str, files: int
) -> None:
    """A, then B of the same moment, then A: the last counts; said again, it repeats."""
    clocked = [*PEOPLE[:2], PEOPLE[3]]
    stated = {"delivery": delivery, "keys": ["id"], "clock": "born"}
    world = World(tmp_path, table(**stated, columns=clocked))
    said = [b"1,%s,2000-01-01\n" % name for name in (b"Ann", b"Anna", b"Ann", b"Ann")]
    header = b"id,name,born\n"
    if files == 1:
        load = world.receive(header + b"".join(said))
        assert (load.rows_loaded, load.rows_repeated) == (3, 1)
    else:
        for number, row in enumerate(said):
            other = b"%d,Bo,2001-01-01\n" % (number + 2)
            load = world.receive(header + row + other, f"people{number}")
        assert (load.rows_loaded, load.rows_repeated) == (1, 1)
    names = [name for _, name in world.raw("id, name") if name != "Bo"]
    assert names == ["Ann", "Anna", "Ann"]


def test_what_was_said_of_another_moment_takes_nothing_back(tmp_path: Path) -> None:
    """A window that overlaps the one before repeats what both hold."""
    clocked = [*PEOPLE[:2], PEOPLE[3]]
    stated = {"delivery": "delta", "keys": ["id"], "clock": "born"}
    world = World(tmp_path, table(**stated, columns=clocked))
    rows = b"1,Ann,2000-01-01\n1,Anna,2001-01-01\n"
    world.receive(b"id,name,born\n" + rows)
    load = world.receive(b"id,name,born\n" + rows + b"1,Ann,2002-01-01\n", "people2")
    assert (load.rows_loaded, load.rows_repeated) == (1, 2)


def test_known_at_grows_strictly_in_whole_seconds(tmp_path: Path) -> None:
    """Even when the clock is set back."""
    world = World(tmp_path, table())
    for index in range(3):
        world.clock.at = world.clock.at.replace(hour=0, microsecond=7)
        world.receive(HEADER + b"%d,A,,,\n" % index, f"people{index}")
    known = [at for (at,) in world.rows("select known_at from ledger.load order by 1")]
    assert sorted(set(known)) == known
    assert all(at.microsecond == 0 for at in known)


def test_a_held_delivery_comes_in_once_accepted(tmp_path: Path) -> None:
    """A person decides, and only about volume."""
    world = World(tmp_path, table(rows={"minimum": 3}))
    held = world.receive(HEADER + GOOD)
    assert held.reason_code == "too_few_rows"
    assert world.waits() == []
    accept(world.settings, world.company, held.load_id, world.word())
    [load, _] = world.night()
    assert world.states() == {(held.load_id, 0): "accepted"}
    assert (load.status, load.rows_loaded) == ("loaded", 2)
    assert world.waits() == []
    with pytest.raises(WrongUseError, match="accepted already"):
        accept(world.settings, world.company, held.load_id, world.word())


def test_a_file_that_no_contract_claims_is_reported(tmp_path: Path) -> None:
    """A misspelled name must not be overlooked."""
    world = World(tmp_path, table())
    world.deliver(HEADER, "peopel.csv")
    assert world.waits() == []
    [path] = unclaimed(world.settings, world.company)
    assert path.name == "peopel.csv"
