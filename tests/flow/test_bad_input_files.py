"""What is told of a refused file, and how it comes in after all."""

from pathlib import Path

from bad_input_files import CLEAN, FULL, TWO
from receiving_world import HEADER, World, table


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
