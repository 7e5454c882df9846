"""What receiving mends without loss, takes for a repeat, or lets through."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from receiving_world import GOOD, HEADER, MONDAY, PEOPLE, World, table

CLEAN = HEADER + GOOD
ROWS = [
    ("1", "Ann", "30", "1990-01-01", "1.50"),
    ("2", "Bob", "40", "1980-02-29", "2.50"),
]
CHINESE = "id,name\n1,王芳\n2,李伟\n"
TWO = {"columns": PEOPLE[:2]}


def zipped(data: bytes) -> bytes:
    """Make a zip of one member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("people.csv", data)
    return buffer.getvalue()


def test_a_broken_line_of_a_declared_encoding_keeps_its_bytes(tmp_path: Path) -> None:
    """Quarantine shows what was delivered, not what it was turned into."""
    world = World(tmp_path, table(encoding="gbk", **TWO))
    bad = "3,王".encode("gbk") + b"\xff,\n"
    world.receive(CHINESE.encode("gbk") + bad)
    assert len(world.raw("name")) == 2
    [(row, line, code, _, raw)] = world.quarantine()
    assert (row, line, code, raw) == (3, 4, "broken_encoding", bad)


def test_columns_are_matched_by_name(tmp_path: Path) -> None:
    """Neither their order nor unknown ones mislead."""
    described = [
        {"name": "id", "header": "编号"},
        {"name": "name"},
        {"name": "age", "is_optional": True},
    ]
    world = World(tmp_path, table(columns=described, new_column="keep"))
    world.receive('x"y,name,编号\n7,Ann,1\n'.encode().replace(b'x"y', b'"x""y"'))
    assert world.raw("id, name, age, _extra") == [("1", "Ann", None, '{"x\\"y":"7"}')]


def test_json_tells_left_out_from_empty(tmp_path: Path) -> None:
    """A delta keeps what is left out and clears what is empty."""
    world = World(tmp_path, table(format="json_lines", new_column="keep", **TWO))
    world.receive(b'{"id":"1","name":null,"more":{"a":[1]}}\n{"id":2}\n')
    assert world.raw("id, name, _extra") == [
        ("1", "", '{"more":{"a":[1]}}'),
        ("2", None, None),
    ]


HOSTILE = [
    "a*b?[c]",
    "o'brien\"",
    "line\nbreak",
    "x" * 255,
    "王" * 85,
    "$(touch x)",
    "\u202efdp.exe",
    "-rf",
    " ",
    "..people",
    "...",
    "~",
    "x'; drop table y; --",
    "{{ no() }}{% raw %}",
    "!!python claims [red] %s",
    "a\x1b[2Jb\x07",
    "\u202egpj.exe\u2066",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    """Names reach no glob, no shell, no path."""
    world = World(tmp_path, table(place="*"))
    load = world.receive(CLEAN, name)
    assert (load.status, load.delivered_name) == ("loaded", name)
    assert world.waits() == []


def test_the_same_bytes_are_a_repeat_under_any_name(tmp_path: Path) -> None:
    """Delivering twice changes nothing."""
    world = World(tmp_path, table())
    world.receive(CLEAN)
    load = world.receive(CLEAN, "people-again", MONDAY + timedelta(days=1))
    assert (load.status, load.rows_delivered, load.rows_repeated) == ("repeated", 2, 2)
    assert world.raw() == ROWS


def test_the_same_name_with_other_bytes_is_a_new_delivery(tmp_path: Path) -> None:
    """Files are told apart by content."""
    world = World(tmp_path, table(keys=["id"]))
    world.receive(CLEAN)
    load = world.receive(CLEAN + b"3,Eve,1,,\n")
    assert (load.status, load.rows_loaded, load.rows_repeated) == ("loaded", 1, 2)


@pytest.mark.parametrize("mode", ["append", "delta"])
def test_overlapping_batches_are_loaded_once(tmp_path: Path, mode: str) -> None:
    """A row that is held, or stands twice in a file, is a repeat."""
    world = World(tmp_path, table(keys=["id"], delivery=mode, clock="born"))
    world.receive(CLEAN)
    tuesday = MONDAY + timedelta(days=1)
    load = world.receive(
        HEADER + GOOD + b"2,Bo,41,1980-02-29,2\n2,Bo,41,1980-02-29,2\n", on=tuesday
    )
    assert (load.rows_loaded, load.rows_repeated) == (1, 3)


def test_a_file_still_being_written_waits(tmp_path: Path) -> None:
    """A file must have lain still for a while."""
    world = World(tmp_path, table(), settle_seconds=3600)
    world.deliver(CLEAN)
    world.company = world.company.model_copy(update={"is_sample": False})
    assert world.waits() == []


def test_the_bytes_are_kept_for_their_owner_and_group(tmp_path: Path) -> None:
    """Nobody else may read what was delivered."""
    world = World(tmp_path, table())
    load = world.receive(CLEAN)
    kept = world.settings.places.deliveries / load.sha256
    assert kept.stat().st_mode & 0o777 == 0o640
