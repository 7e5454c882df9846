"""What is told of a refused file, and how it comes in after all."""

from importlib import import_module
from pathlib import Path

import pytest
from bad_input_files import CLEAN, FULL, TWO
from receiving_world import HEADER, World, table

from warehouse.receiving import ahead, keeping
from warehouse.receiving.landing import Landed, land
from warehouse.receiving.receipt import Receipt

FIRST_HALF = b"1,Ann,30,1990-01-01,1.50\n2,Bo"
SECOND_HALF = b"b,40,1980-02-29,2.50\n"


def test_a_message_never_quotes_the_data(tmp_path: Path) -> None:
    """Messages end in logs, where no personal data may be."""
    world = World(tmp_path, table())
    load = world.receive(CLEAN + b'3,"Secretia,50,,1\n4,"Flo",1,,\n')
    assert "Secretia" not in (load.reason or "")


def test_a_refused_file_waits_again_when_its_contract_changes(tmp_path: Path) -> None:
    """Correcting the contract is one way to mend a refusal."""
    world = World(tmp_path, table())
    assert world.receive(b"id,name\n1,Ann\n").reason_code == "column_missing"
    world.sign(table(**TWO))
    [load] = world.night()
    assert (load.status, load.rows_loaded) == ("loaded", 1)


def test_a_snapshot_that_shrinks_too_far_is_held(tmp_path: Path) -> None:
    """A source that lost its customers must not delete ours."""
    world = World(tmp_path, table(**FULL, rows={"shrinkage_pct": 20}))
    world.receive(HEADER + b"".join(b"%d,A,1,,1\n" % i for i in range(10)))
    load = world.receive(HEADER + b"1,A,1,,1\n", "people2")
    assert (load.status, load.reason_code) == ("refused", "shrinkage")
    assert len(world.raw("id")) == 10


def test_a_file_that_changes_while_it_is_read_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it is neither kept nor loaded; the next look finds the whole."""
    world = World(tmp_path, table(keys=["id"]))
    file = world.deliver(HEADER + FIRST_HALF)

    def copied(source: Path, target: int) -> tuple[str, int]:
        told = copy(source, target)
        with source.open("ab") as written:
            written.write(SECOND_HALF)
        return told

    copy = keeping._copy
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "_copy", copied)
        assert world.night() == []
    assert file.read_bytes() == HEADER + FIRST_HALF + SECOND_HALF
    kept = world.settings.places.deliveries.iterdir()
    assert [each for each in kept if each.suffix != ".duckdb"] == []
    [load] = world.night()
    assert (load.status, load.rows_loaded) == ("loaded", 2)


def test_half_a_file_and_then_the_whole_give_each_row_once(tmp_path: Path) -> None:
    """A writer that pauses is not told from one that has ended."""
    world = World(tmp_path, table(keys=["id"]))
    half = world.receive(HEADER + FIRST_HALF)
    assert (half.rows_loaded, half.rows_quarantined) == (1, 1)
    whole = world.receive(HEADER + FIRST_HALF + SECOND_HALF)
    assert (whole.rows_loaded, whole.rows_repeated) == (1, 1)
    assert world.raw("id, name") == [("1", "Ann"), ("2", "Bob")]


def test_a_file_that_is_gone_before_it_is_read_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else was delivered comes in; when it is laid there again, it does too."""
    world = World(tmp_path, table(keys=["id"]))
    gone, found = world.deliver(CLEAN, "people1"), world.deliver(CLEAN, "people2")

    def opened(receipt: Receipt) -> Landed:
        gone.unlink(missing_ok=True)
        return land(receipt)

    with monkeypatch.context() as patched:
        patched.setattr(ahead, "land", opened)
        [load] = world.night()
    assert (load.delivered_name, load.status) == (found.name, "loaded")
    world.deliver(CLEAN + b"3,Eve,1,,\n", "people1")
    [load] = world.night()
    assert (load.delivered_name, load.rows_loaded) == ("people1", 1)


def test_a_file_that_is_gone_when_it_is_looked_at_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder was listed, and then somebody took the file away."""
    world = World(tmp_path, table())
    found = world.deliver(CLEAN)
    listed = [found.with_name("people0"), found]
    waiting = import_module("warehouse.receiving.waiting")
    monkeypatch.setattr(waiting, "_files", lambda *_: listed)
    assert set(world.waits()) == {"people"}
