"""A steward's word holds for the delivery that was meant, while that waits."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from receiving_world import GOOD, HEADER, MONDAY, PEOPLE, World, table

from warehouse.errors import WrongUseError
from warehouse.quarantine import give_up, history, mend
from warehouse.receiving import open_refusals

TUESDAY = MONDAY + timedelta(days=1)
OPEN_QUOTE = b'id,name\n1,"Ann\n2,Bob\n'
TWO = {"columns": PEOPLE[:2], "keys": ["id"]}


def keep(world: World, folder: Path) -> None:
    """Keep the archive and the ledger's copy, as a backup does."""
    folder.mkdir()
    places = world.settings.places
    for file in (places.archive, places.ledger_copy):
        shutil.copyfile(file, folder / file.name)


def bring_back(world: World, folder: Path) -> None:
    """Bring back what was kept; landing stays, as it does when a home is restored."""
    places = world.settings.places
    for file in (places.archive, places.ledger_copy):
        shutil.copyfile(folder / file.name, file)


def test_a_word_hits_no_other_delivery_after_a_restore(tmp_path: Path) -> None:
    """The nights after it number the loads anew; it is about the one it names."""
    world = World(tmp_path, table(**TWO))
    world.receive(b"id,name\n1,Ann\n")
    keep(world, tmp_path / "backup")
    world.receive(OPEN_QUOTE, "people2")
    give_up(world.settings, world.refused(load_id=2), world.word("sent twice"))
    assert [row.pending for row in world.refused()] == ["given_up"]
    bring_back(world, tmp_path / "backup")
    world.receive(OPEN_QUOTE + b"3,Cy\n", "people3", TUESDAY)
    assert [(row.load_id, row.pending) for row in world.refused()] == [(2, None)]
    world.night(MONDAY)
    assert world.states() == {(2, 0): "waiting", (3, 0): "given_up"}
    [event] = history(world.settings)
    assert (event.load_id, event.became) == (3, None)


def test_a_word_about_a_row_hits_no_row_of_another_delivery(tmp_path: Path) -> None:
    """Though load and row have the same numbers."""
    world = World(tmp_path, table(keys=["id"]))
    world.receive(HEADER + GOOD)
    keep(world, tmp_path / "backup")
    world.receive(HEADER + b"3,Eve,old,,\n", "people2")
    give_up(world.settings, world.refused(load_id=2), world.word("a test"))
    bring_back(world, tmp_path / "backup")
    world.receive(HEADER + b"4,Flo,old,,\n", "people3", TUESDAY)
    world.night(MONDAY)
    assert world.states() == {(2, 1): "waiting", (3, 1): "given_up"}


STATED = """
select id, name, _is_deleted from raw_crm.people order by _load_id, _row
"""


@pytest.mark.parametrize("name", ["people2", "Z-people2"])
def test_a_word_finds_its_row_again_under_another_number(
    tmp_path: Path, name: str
) -> None:
    """Its copy comes in after what it was made of, whatever the names; mended once."""
    world = World(tmp_path, table(delivery="full", place="*people*", **TWO))
    world.receive(b"id,name\n1,Ann\n2,Bob\n")
    keep(world, tmp_path / "backup")
    world.receive(b"id,name\n1,Ann\n2,Bob,x\n", name, TUESDAY)
    changes = {"id": "2", "name": "Rob"}
    row = (world.settings, world.company, 2, 2, changes)
    mend(*row, word=world.word("asked him"))
    world.night(TUESDAY)
    assert world.states() == {(2, 2): "mended"}
    stated = world.rows(STATED)

    bring_back(world, tmp_path / "backup")
    world.receive(OPEN_QUOTE, "people9")
    places = world.settings.places
    said = next(places.landing.glob("*/_steward/*.jsonl"))
    aside = said.rename(tmp_path / said.name)
    world.night(TUESDAY)
    aside.rename(said)
    [waiting] = world.refused(row_number=2)
    assert (waiting.name, waiting.pending) == ("row 2 of load 3", "mended")
    world.night(TUESDAY)
    assert world.states() == {(2, 0): "waiting", (3, 2): "mended"}
    assert world.rows(STATED) == stated
    [event] = history(world.settings)
    assert (event.load_id, event.became) == (3, "loaded by load 4")


def test_a_word_that_could_mean_two_deliveries_means_none(tmp_path: Path) -> None:
    """The same snapshot came twice, and neither has the number that was said."""
    world = World(tmp_path, table(delivery="full", **TWO))
    first, other = b"id,name\n1,Ann\n2,Bob,x\n", b"id,name\n1,Al\n"
    world.receive(b"id,name\n1,Ann\n")
    keep(world, tmp_path / "backup")
    world.receive(first)
    give_up(world.settings, world.refused(load_id=2), world.word("a test"))
    bring_back(world, tmp_path / "backup")
    for data in (OPEN_QUOTE, first, other, first):
        world.deliver(data)
        world.night()
    states = world.states()
    assert [states[key] for key in states if key[1] == 2] == ["waiting"] * 2
    [event] = history(world.settings)
    assert event.became == "nothing: it names another delivery"


def test_a_database_given_up_is_not_read_in_the_night_that_hears_so(
    tmp_path: Path,
) -> None:
    """It still does not answer; a new refusal would wait in the place of the first."""
    stated = {"relation": "items", "cursor": "id", "format": "sqlite"}
    world = World(tmp_path, table(place="no.sqlite", **TWO, **stated))
    [load] = world.night()
    assert load.reason_code == "source_unreachable"
    give_up(world.settings, world.refused(), world.word("it was switched off"))
    assert [load.source_name for load in world.night()] == ["steward"]
    assert world.states() == {(1, 0): "given_up"}
    assert open_refusals(world.settings, world.company) == []
    assert world.night() == []
    assert [load.reason_code for load in world.night(TUESDAY)] == ["source_unreachable"]


def test_a_word_waits_until_its_copy_came_in(tmp_path: Path) -> None:
    """The night of one date may hear the word and leave the copy on another."""
    world = World(tmp_path, table(keys=["id"]))
    world.receive(HEADER + b"3,Eve,old,,\n")
    world.receive(HEADER + GOOD, "people2", TUESDAY)
    row = (world.settings, world.company, 1, 1, {"age": "50"})
    [file] = mend(*row, word=world.word("asked her")).files
    assert [load.source_name for load in world.night(TUESDAY)] == ["steward"]
    [found] = world.refused()
    assert (found.state, found.pending) == ("waiting", "mended")
    with pytest.raises(WrongUseError, match="waits for the next night"):
        mend(*row, word=world.word("asked her"))
    text = file.read_bytes()
    file.unlink()
    assert [row.pending for row in world.refused()] == [None]
    file.write_bytes(text)
    world.night(MONDAY)
    assert [(row.state, row.pending) for row in world.refused()] == [("mended", None)]
