"""Rows that break their contract: each goes to quarantine alone, all else is loaded."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from receiving_world import GOOD, HEADER, PEOPLE, World, table

LONG = b"9," + b"x" * 3_000_000 + b",1,,\n"
BAD_ROWS: list[tuple[str, bytes, str, str | None]] = [
    ("short", b"9,Eve\n", "too_few_fields", None),
    ("long", b"9,Eve,1,,,,\n", "too_many_fields", None),
    ("stray quote", b'9,E"ve,1,,\n', "stray_quote", None),
    ("text after quote", b'9,"Eve" Smith,1,,\n', "stray_quote", None),
    ("space before quote", b'9, "Eve",1,,\n', "stray_quote", None),
    ("broken bytes", b"9,E\xffve,1,,\n", "broken_encoding", None),
    ("lone surrogate", b"9,\xed\xa0\x80,1,,\n", "broken_encoding", None),
    ("gbk among utf-8", "9,王,1,,\n".encode("gbk"), "broken_encoding", None),
    ("NUL", b"9,E\0ve,1,,\n", "nul_byte", None),
    ("3 MB field", LONG, "too_long", None),
    ("text for number", b"9,Eve,old,,\n", "not_a_number", "age"),
    ("fraction for integer", b"9,Eve,1.5,,\n", "not_a_number", "age"),
    ("NaN", b"9,Eve,1,,NaN\n", "not_finite", "spent"),
    ("infinity", b"9,Eve,1,,-inf\n", "not_finite", "spent"),
    ("too big an integer", b"9,Eve,99999999999,,\n", "overflow", "age"),
    ("too big a decimal", b"9,Eve,1,,99999999999999.00\n", "overflow", "spent"),
    ("mangled number", b"9,Eve,6.22E+18,,\n", "mangled_id", "age"),
    ("mangled id", b"6.22E+18,Eve,1,,\n", "mangled_id", "id"),
    ("key missing", b",Eve,1,,\n", "required_missing", "id"),
    ("undeclared date", b"9,Eve,1,03/04/1990,\n", "not_a_date", "born"),
    ("impossible date", b"9,Eve,1,1990-02-30,\n", "not_a_date", "born"),
    ("before 1900", b"9,Eve,1,1899-12-31,\n", "date_before_1900", "born"),
    ("future", b"9,Eve,1,2024-01-10,\n", "date_in_future", "born"),
    ("undeclared thousands", b'9,Eve,1,,"1,200"\n', "not_a_number", "spent"),
]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(
    ("row", "code", "column"),
    [pytest.param(*each[1:], id=each[0]) for each in BAD_ROWS],
)
def test_the_row_goes_to_quarantine_alone(
    tmp_path: Path, row: bytes, code: str, column: str | None, line_end: bytes
) -> None:
    """Row, line, reason and bytes are told; its neighbours are loaded."""
    world = World(tmp_path, table(keys=["id"]))
    first, second = GOOD.splitlines(keepends=True)
    data = (HEADER + first + row + second).replace(b"\n", line_end)
    load = world.receive(data)
    assert (load.status, load.rows_delivered, load.rows_loaded) == ("loaded", 3, 2)
    [(number, line, found, at, raw)] = world.quarantine()
    assert (number, line, found, at) == (2, 3, code, column)
    assert raw.rstrip(b"\r\n") == row.rstrip(b"\n")
    assert world.raw("_row, id, name") == [(1, "1", "Ann"), (3, "2", "Bob")]


def test_lines_are_physical_and_rows_are_records(tmp_path: Path) -> None:
    """Line breaks in fields and empty lines do not shift what is told."""
    world = World(tmp_path, table())
    world.receive(HEADER + b'1,"A\nB",1,,\n\n2,C,x,,\n3,D\n4,E"F,1,,\n5,G,y,,\n6,H,1,,')
    found = [(row, line, code) for row, line, code, _, _ in world.quarantine()]
    assert found == [
        (2, 5, "not_a_number"),
        (3, 6, "too_few_fields"),
        (4, 7, "stray_quote"),
        (5, 8, "not_a_number"),
    ]
    assert world.raw("_row, name") == [(1, "A\nB"), (6, "H")]


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ({"is_required": True}, "", "required_missing"),
        ({"accepted_values": ["a", "b"]}, "c", "value_not_accepted"),
        ({"data_type": "integer", "minimum": 0}, "-1", "out_of_range"),
        ({"data_type": "integer", "maximum": 9}, "10", "out_of_range"),
        ({"data_type": "boolean"}, "maybe", "not_a_boolean"),
        ({"pii": "phone"}, "8.61E+12", "mangled_id"),
    ],
)
def test_a_value_outside_its_contract_goes_to_quarantine(
    tmp_path: Path, column: dict[str, Any], text: str, code: str
) -> None:
    """Each limit of a column is held at the door."""
    world = World(tmp_path, table(columns=[{"name": "id"}, {"name": "x", **column}]))
    load = world.receive(f"id,x\n1,{text}\n".encode())
    assert (load.rows_loaded, load.rows_quarantined) == (0, 1)
    assert world.quarantine()[0][2:4] == (code, "x")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{broken", "broken_json"),
        (b"[1]", "broken_json"),
        (b"null", "broken_json"),
        (b'{"id":"8","id":"9","name":"x"}', "repeated_field"),
        (b'{"id":"8","name":"x","more":1}', "unknown_field"),
        (b'{"id":"8","name":"x\xff"}', "broken_encoding"),
        (b'{"id":"8","name":"\0"}', "nul_byte"),
        (b'{"id":"8","name":"\\u0000"}', "nul_byte"),
        (b'{"id":"8","name":"\\ud800"}', "broken_json"),
        (b'{"id":"8","name":"a\x1fb"}', "broken_json"),
        (b'{"id":"","name":"x"}', "required_missing"),
    ],
)
def test_a_bad_json_line_goes_to_quarantine_alone(
    tmp_path: Path, line: bytes, code: str
) -> None:
    """Each line stands for itself."""
    world = World(tmp_path, table(format="json_lines", keys=["id"], columns=PEOPLE[:2]))
    good = b'{"id":"1","name":"Ann"}\n', b'{"id":"2","name":null}\n'
    load = world.receive(good[0] + line + b"\n" + good[1])
    assert (load.rows_delivered, load.rows_loaded) == (3, 2)
    [(row, at, found, _, raw)] = world.quarantine()
    assert (row, at, found, raw.rstrip(b"\n")) == (2, 2, code, line)
    assert world.raw("_row, id, name") == [(1, "1", "Ann"), (3, "2", "")]


@pytest.mark.parametrize("form", ["parquet", "excel"])
def test_a_bad_row_of_a_table_file_goes_to_quarantine_alone(
    tmp_path: Path, form: str
) -> None:
    """Formats without lines show a row as json."""
    frame = pd.DataFrame({"id": ["1", "2", "3"], "age": ["30", "old", None]})
    file = tmp_path / "frame"
    if form == "parquet":
        frame.to_parquet(file)
    else:
        frame.to_excel(file.with_suffix(".xlsx"), index=False)
        file = file.with_suffix(".xlsx")
    world = World(tmp_path, table(format=form, columns=[PEOPLE[0], PEOPLE[2]]))
    load = world.receive(file.read_bytes())
    assert (load.rows_delivered, load.rows_loaded) == (3, 2)
    [(row, line, code, column, raw)] = world.quarantine()
    assert (row, line, code, column) == (2, None, "not_a_number", "age")
    assert json.loads(raw) == {"id": "2", "age": "old"}
    assert world.raw("id, age") == [("1", "30"), ("3", "")]


def test_a_key_with_two_contents_in_one_snapshot_goes_to_quarantine(
    tmp_path: Path,
) -> None:
    """Which of the two is right, the source must say."""
    world = World(tmp_path, table(delivery="full", keys=["id"]))
    load = world.receive(HEADER + b"1,A,1,,\n1,B,1,,\n2,C,1,,\n2,C,1,,\n")
    assert (load.rows_loaded, load.rows_quarantined, load.rows_repeated) == (1, 2, 1)
    assert {row[2] for row in world.quarantine()} == {"key_conflict"}


def test_hostile_text_is_inert(tmp_path: Path) -> None:
    """Formulas, SQL, templates and tags are only text."""
    texts = ["=1+1", "'; drop table x; --", "{{ 1 }}", "!!python/object", "../..", "@a"]
    world = World(tmp_path, table(columns=PEOPLE[:2]))
    body = "".join(f'{i},"{text}"\n' for i, text in enumerate(texts))
    world.receive(b"id,name\n" + body.encode())
    assert [name for (name,) in world.raw("name")] == texts
