"""Many refused rows mended in a spreadsheet, and what a spreadsheet must not do."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from receiving_world import PEOPLE, World, table

from warehouse.errors import WrongUseError
from warehouse.quarantine import export, mend_sheet, read_sheet
from warehouse.quarantine.sheets import neutral, restored

COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n")
NAMES = [
    "=1+1",
    "+86 139",
    "-5",
    "@SUM",
    "'t Hart",
    "'=x",
    "''",
    "王, 芳",
    'E"ve',
    "a\nb",
]
CONTRACT = {"columns": PEOPLE[:3], "keys": ["id"]}


@given(st.text() | st.text(alphabet="='+-@\t\r\n1a"))
def test_a_sheet_gives_back_what_it_was_given(text: str) -> None:
    """And no spreadsheet computes it."""
    assert restored(neutral(text)) == text
    assert not neutral(text).startswith(COMPUTED)


def test_what_a_person_types_is_taken_as_it_is() -> None:
    """Only the mark that an export would have set is taken away."""
    assert restored("'s-Gravenhage") == "'s-Gravenhage"
    assert restored("-5") == "-5"


def read(file: Path) -> list[dict[str, str]]:
    """Read a sheet as a spreadsheet does."""
    with file.open(encoding="utf-8-sig", newline="") as sheet:
        return list(csv.DictReader(sheet))


def write(file: Path, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    """Save a sheet as a spreadsheet does."""
    with file.open("w", encoding=encoding, newline="") as sheet:
        writer = csv.DictWriter(sheet, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.fixture
def shop(tmp_path: Path) -> World:
    """Two deliveries of bad rows; one of them cannot be split."""
    world = World(tmp_path, table(**CONTRACT))
    quoted = [name.replace('"', '""') for name in NAMES]
    rows = [f'{n},"{name}",old\n' for n, name in enumerate(quoted)]
    world.receive(("id,name,age\n" + "".join(rows)).encode())
    world.receive(b"age,id,name\nold,90,Flo\n91\n92\n", "people2")
    return world


def exported(world: World) -> Path:
    """Export all that waits."""
    file = world.folder / "sheet.csv"
    count = export(world.settings, world.company, world.refused(), file)
    assert count == len(NAMES) + 3
    return file


def test_rows_go_out_and_come_back_mended(shop: World) -> None:
    """Those left as they were wait on; texts are what they were."""
    file = exported(shop)
    assert file.stat().st_mode & 0o777 == 0o600
    rows = read(file)
    assert not [row for row in rows if row["name"].startswith(COMPUTED)]
    assert [row["_delivered"] for row in rows[-2:]] == ["91", "92"]
    for row in rows[1:-1]:
        row["age"] = "50"
    rows[-2] |= {"id": "91", "name": "=Gus"}
    sheet = read_sheet(shop.settings, shop.company, write(file, rows))
    assert (len(sheet.copies), sheet.untouched) == (len(rows) - 2, 2)
    assert sheet.changes == {"age": len(rows) - 2, "id": 1, "name": 1}
    copied = mend_sheet(sheet, word=shop.word("counted"))
    assert (copied.rows, len(copied.files)) == (len(rows) - 2, 2)
    loads = shop.night()
    assert sum(load.rows_loaded for load in loads if load.source_name == "crm") == 11
    kept = sorted(shop.raw("id, name, age"))
    assert kept[: len(NAMES) - 1] == [
        (str(n), name, "50") for n, name in enumerate(NAMES) if n
    ]
    assert kept[-2:] == [("90", "Flo", "50"), ("91", "=Gus", "50")]
    waiting = [key for key, state in shop.states().items() if state == "waiting"]
    assert waiting == [(1, 1), (2, 3)]


def test_a_sheet_that_mends_nothing_writes_nothing(shop: World) -> None:
    """Saved as it was exported, with or without a byte order mark."""
    file = exported(shop)
    for encoding in ("utf-8", "utf-8-sig"):
        again = write(shop.folder / encoding, read(file), encoding)
        sheet = read_sheet(shop.settings, shop.company, again)
        assert sheet.copies == ()
    with pytest.raises(WrongUseError, match="mends no row"):
        mend_sheet(sheet, word=shop.word())
    assert shop.waits() == []
    with pytest.raises(WrongUseError, match="exists"):
        exported(shop)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("id,name\n1,A\n", "first line"),
        ("_load,_row,name,name\n1,1,A,B\n", "first line"),
        ("_load;_row;name\n1;1;A\n", "first line"),
        ("_load,_row,name\n1,1\n", "2 values"),
        ("_load,_row,name\n1.0,1,A\n", "no numbers"),
        ("_load,_row,name\n1,1,A\n1,1,B\n", "twice"),
        ("_load,_row,name\n1,99,A\n", "not in quarantine"),
        ("_load,_row,colour\n1,1,A\n", "no columns"),
        ('_load,_row,name\n1,1,"A\n', "cannot be read"),
        ("_load,_row,name\n1,1,王\n", "cannot be read"),
        ("_load,_row,name\n", "not of 0"),
    ],
)
def test_what_is_no_sheet_is_refused(shop: World, text: str, what: str) -> None:
    """Nothing is guessed of it."""
    file = shop.folder / "saved.csv"
    file.write_bytes(text.encode("gbk"))
    with pytest.raises(WrongUseError, match=what):
        read_sheet(shop.settings, shop.company, file)


def test_a_sheet_holds_rows_of_one_table(shop: World) -> None:
    """Else its columns would be nobody's."""
    with pytest.raises(WrongUseError, match="one table"):
        export(shop.settings, shop.company, [], shop.folder / "none.csv")
    assert not (shop.folder / "none.csv").exists()
