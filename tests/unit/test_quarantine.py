"""What people do about refused rows and deliveries, and what becomes of each."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from receiving_world import GOOD, HEADER, MONDAY, PEOPLE, World, table

from warehouse.errors import WrongUseError
from warehouse.quarantine import accept, counts, give_up, history, mend, replay
from warehouse.receiving import Load, open_refusals

BAD = b'3,"Eve, E",old,,\n'
TWO = {"columns": PEOPLE[:2], "keys": ["id"]}
OPEN_QUOTE = b'id,name\n1,"Ann\n2,Bob\n'


def mended(world: World, load: int, row: int, **changes: str) -> Path:
    """Mend a row; return the file that waits."""
    copied = mend(
        *(world.settings, world.company, load, row, changes),
        word=world.word("asked her"),
    )
    [file] = copied.files
    return file


def night(world: World) -> dict[str, Load]:
    """Run a night; return its loads by source."""
    loads = world.night()
    assert len({load.source_name for load in loads}) == len(loads)
    return {load.source_name: load for load in loads}


def balances(world: World) -> bool:
    """Whether as many rows have a state as the ledger says were quarantined."""
    [(stated,)] = world.rows("select sum(rows_quarantined) from ledger.load")
    return stated == sum(1 for _, row in world.states() if row)


@pytest.fixture
def shop(tmp_path: Path) -> World:
    """Two good rows and a bad one."""
    world = World(tmp_path, table(keys=["id"]))
    world.receive(HEADER + GOOD + BAD)
    return world


def test_a_mended_row_comes_in_with_the_next_night(shop: World) -> None:
    """It is a delivery like any other; who mended it is known."""
    assert shop.states() == {(1, 3): "waiting"}
    path = mended(shop, 1, 3, age="50")
    assert (path.stat().st_mode & 0o777) == 0o640
    assert [row.pending for row in shop.refused()] == ["mended"]
    loads = night(shop)
    assert loads["crm"].delivered_name == path.relative_to(path.parents[2]).as_posix()
    assert loads["crm"].rows_loaded == loads["steward"].rows_loaded == 1
    assert shop.raw("name, age")[-1] == ("Eve, E", "50")
    [row] = shop.refused()
    assert (row.state, row.pending) == ("mended", None)
    assert (row.decided_by, row.decided_why) == ("Al", "asked her")
    assert row.closed_load_id == loads["crm"].load_id
    [event] = history(shop.settings, 1, 3)
    assert (event.verdict, event.decided_by) == ("mended", "Al")
    assert event.became == f"loaded by load {row.closed_load_id}"
    assert shop.waits() == []


def test_a_row_has_one_last_word(shop: World) -> None:
    """What waits for the night, or came in, is not mended once more."""
    file = mended(shop, 1, 3, age="50")
    with pytest.raises(WrongUseError, match="waits for the next night"):
        mended(shop, 1, 3, age="51")
    file.unlink()
    mended(shop, 1, 3, age="51")
    shop.night()
    assert [age for _, age in shop.raw("name, age")] == ["30", "40", "51"]
    with pytest.raises(WrongUseError, match="is mended already"):
        mended(shop, 1, 3, age="52")
    with pytest.raises(WrongUseError, match="is mended already"):
        give_up(shop.settings, shop.refused(), shop.word("no use"))


def test_a_copy_that_is_refused_in_its_turn_waits_in_its_place(shop: World) -> None:
    """So one fault is never counted twice, and never forgotten."""
    mended(shop, 1, 3, age="very old")
    loads = night(shop)
    copy = loads["crm"].load_id
    assert shop.states() == {(1, 3): "superseded", (copy, 1): "waiting"}
    assert "quarantined again as row 1" in (history(shop.settings, 1)[0].became or "")
    assert balances(shop)
    mended(shop, copy, 1, age="50")
    night(shop)
    assert shop.states() == {(1, 3): "superseded", (copy, 1): "mended"}
    assert shop.raw("name, age")[-1] == ("Eve, E", "50")


def test_a_row_replayed_too_early_is_replayed_again(shop: World) -> None:
    """The same bytes are no repeat of what was quarantined."""
    replay(shop.settings, shop.company, shop.refused(), word=shop.word())
    copy = night(shop)["crm"].load_id
    shop.sign(table(keys=["id"], columns=[*PEOPLE[:2], {"name": "age"}, *PEOPLE[3:]]))
    replay(shop.settings, shop.company, shop.refused(load_id=copy), word=shop.word())
    assert night(shop)["crm"].rows_loaded == 1
    assert shop.states() == {(1, 3): "superseded", (copy, 1): "replayed"}
    assert shop.raw("name, age")[-1] == ("Eve, E", "old")


def test_a_row_is_given_up_with_a_reason(shop: World) -> None:
    """It waits no more; its bytes stay, and it may yet be mended."""
    rows = shop.refused(state="waiting")
    with pytest.raises(WrongUseError, match="without a reason"):
        give_up(shop.settings, rows, shop.word())
    give_up(shop.settings, rows, shop.word("a test of the till"))
    assert [row.pending for row in shop.refused()] == ["given_up"]
    night(shop)
    [row] = shop.refused()
    assert (row.state, row.decided_why) == ("given_up", "a test of the till")
    assert counts([row]) == [("not_a_number", "crm", "people", "given_up", 1)]
    assert balances(shop)
    assert len(shop.quarantine()) == 1
    with pytest.raises(WrongUseError, match="nothing that waits"):
        give_up(shop.settings, shop.refused(state="waiting"), shop.word("again"))
    mended(shop, 1, 3, age="50")
    night(shop)
    assert shop.states() == {(1, 3): "mended"}
    assert [event.verdict for event in history(shop.settings)] == [
        *("given_up", "mended")
    ]


def test_many_rows_are_mended_in_one_delivery(tmp_path: Path) -> None:
    """However many: a file per table, date and header."""
    world = World(tmp_path, table(**TWO | {"columns": [PEOPLE[0], PEOPLE[2]]}))
    world.receive(b"id,age\n" + b"".join(b"%d,old\n" % n for n in range(50)))
    world.sign(table(**TWO | {"columns": [PEOPLE[0], {"name": "age"}]}))
    copied = replay(world.settings, world.company, world.refused(), word=world.word())
    assert (len(copied.files), copied.rows, copied.unreadable) == (1, 50, 0)
    assert night(world)["crm"].rows_loaded == 50
    assert set(world.states().values()) == {"replayed"}
    assert balances(world)


def test_a_row_that_cannot_be_split_needs_every_column(tmp_path: Path) -> None:
    """Nothing is guessed of a short row."""
    world = World(tmp_path, table(delivery="full", **TWO))
    world.receive(b"id,name\n1,Ann\n2\n")
    with pytest.raises(WrongUseError, match="every column"):
        mended(world, 1, 2, name="Bob")
    with pytest.raises(WrongUseError, match="no columns"):
        mended(world, 1, 2, colour="red")
    with pytest.raises(WrongUseError, match="no row 9"):
        mended(world, 1, 9, name="Bob")
    with pytest.raises(WrongUseError, match="whole delivery"):
        mended(world, 1, 0, name="Bob")
    with pytest.raises(WrongUseError, match="no row is chosen"):
        replay(world.settings, world.company, world.refused(), word=world.word())
    mended(world, 1, 2, id="2", name="Bob")
    load = night(world)["crm"]
    assert (load.rows_loaded, load.rows_deleted) == (1, 0)
    assert world.raw("id, name") == [("1", "Ann"), ("2", "Bob")]


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("csv", "id,name,age\n1,王,old\n".encode("gbk")),
        ("json_lines", b'{"id":"1","name":"\xe7\x8e\x8b","age":"old"}\n'),
    ],
)
def test_a_row_is_replayed_after_its_contract_was_corrected(
    tmp_path: Path, form: str, data: bytes
) -> None:
    """In any format and encoding."""
    stated: dict[str, Any] = {
        "format": form,
        "encoding": "gbk" if form == "csv" else "utf-8",
        "keys": ["id"],
    }
    world = World(tmp_path, table(**stated, columns=PEOPLE[:3]))
    world.receive(data)
    world.sign(table(**stated, columns=[*PEOPLE[:2], {"name": "age"}]))
    replay(world.settings, world.company, world.refused(), word=world.word())
    assert night(world)["crm"].rows_loaded == 1
    assert world.raw("id, name, age") == [("1", "王", "old")]
    assert world.states() == {(1, 1): "replayed"}


def test_of_a_field_that_is_there_twice_none_is_chosen(tmp_path: Path) -> None:
    """Which of the two counts, a person must say."""
    world = World(tmp_path, table(format="json_lines", **TWO))
    world.receive(b'{"id":"1","name":"A","name":"B"}\n')
    with pytest.raises(WrongUseError, match="cannot be split"):
        mended(world, 1, 1, id="1")


def test_a_delivery_given_up_holds_nothing_and_waits_no_more(tmp_path: Path) -> None:
    """Not even when its contract changes; delivered anew, it is looked at anew."""
    world = World(tmp_path, table(**TWO))
    world.receive(OPEN_QUOTE)
    assert len(open_refusals(world.settings, world.company)) == 1
    give_up(world.settings, world.refused(row_number=0), world.word("sent twice"))
    assert list(night(world)) == ["steward"]
    assert open_refusals(world.settings, world.company) == []
    assert world.states() == {(1, 0): "given_up"}
    world.sign(table(columns=PEOPLE[:2]))
    assert world.waits() == []
    load = world.receive(OPEN_QUOTE + b" ")
    assert world.states() == {(1, 0): "superseded", (load.load_id, 0): "waiting"}
    world.receive(b"id,name\n1,Ann\n")
    assert world.states() == {(1, 0): "mended", (load.load_id, 0): "mended"}
    assert open_refusals(world.settings, world.company) == []


def test_only_what_is_held_for_its_volume_is_accepted(tmp_path: Path) -> None:
    """And who let it in is known."""
    world = World(tmp_path, table(rows={"minimum": 3}))
    world.receive(HEADER + GOOD)
    world.receive(HEADER, "people2")
    with pytest.raises(WrongUseError, match="not held"):
        accept(world.settings, world.company, 2, world.word())
    with pytest.raises(WrongUseError, match="no refused load 9"):
        accept(world.settings, world.company, 9, world.word())
    accept(world.settings, world.company, 1, world.word("a holiday"))
    world.night()
    assert world.states() == {(1, 0): "accepted", (2, 0): "waiting"}
    [row] = world.refused(load_id=1)
    assert (row.decided_by, row.decided_why) == ("Al", "a holiday")


def test_rows_are_chosen_by_what_is_known_of_them(shop: World) -> None:
    """By source, table, reason and date; whatever is not stated does not matter."""
    shop.receive(HEADER + b"4,Flo\n", "people2", MONDAY + timedelta(days=1))
    assert [row.load_id for row in shop.refused(reason_code="not_a_number")] == [1]
    assert [row.load_id for row in shop.refused(business_date=MONDAY)] == [1]
    assert len(shop.refused(source_name="crm", table_name="people")) == 2
    assert shop.refused(source_name="web") == []
    assert [group[0] for group in counts(shop.refused())] == [
        *("not_a_number", "too_few_fields")
    ]


def test_a_decision_says_who_decides(shop: World) -> None:
    """Nobody is nobody's word."""
    word = shop.word("no use")
    with pytest.raises(WrongUseError, match="who decided"):
        give_up(shop.settings, shop.refused(), type(word)(" ", word.why, word.at))
    assert shop.waits() == []
