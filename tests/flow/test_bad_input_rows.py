"""What is told of a refused row, whatever its neighbours and its format."""

import json
from pathlib import Path

import pandas as pd
import pytest
from receiving_world import HEADER, PEOPLE, World, table


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
