"""What receiving mends without loss, takes for a repeat, or lets through."""

import gzip
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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


MENDED: list[tuple[str, bytes, dict[str, Any]]] = [
    ("as it should be", CLEAN, {}),
    ("byte order mark", b"\xef\xbb\xbf" + CLEAN, {}),
    ("crlf", CLEAN.replace(b"\n", b"\r\n"), {}),
    ("cr", CLEAN.replace(b"\n", b"\r"), {}),
    ("mixed line ends", CLEAN.replace(b"\n", b"\r\n", 1), {}),
    ("no last line end", CLEAN[:-1], {}),
    ("blank lines", CLEAN.replace(b"\n", b"\n\n") + b"\n\n", {}),
    ("gzip", gzip.compress(CLEAN), {"compression": "gzip"}),
    (
        "gzip of two parts",
        gzip.compress(HEADER) + gzip.compress(GOOD),
        {"compression": "gzip"},
    ),
    ("zip", zipped(CLEAN), {"compression": "zip"}),
    ("utf-16", CLEAN.decode().encode("utf-16"), {"encoding": "utf-16"}),
    ("quoted", CLEAN.replace(b"Ann", b'"Ann"'), {}),
    ("other delimiter", CLEAN.replace(b",", b"|"), {"delimiter": "|"}),
    (
        "footer",
        CLEAN + b"TOTAL,2,,,4.00\n",
        {
            "footer": {
                "marker": "TOTAL",
                "row_count_field": 1,
                "total_field": 4,
                "total_column": "spent",
            }
        },
    ),
    (
        "short footer",
        CLEAN + b"TOTAL,2\n",
        {"footer": {"marker": "TOTAL", "row_count_field": 1}},
    ),
]


@pytest.mark.parametrize(
    ("data", "contract"), [pytest.param(*each[1:], id=each[0]) for each in MENDED]
)
def test_the_rows_come_out_as_they_are(
    tmp_path: Path, data: bytes, contract: dict[str, Any]
) -> None:
    """The delivered bytes stay as they came."""
    world = World(tmp_path, table(**contract))
    load = world.receive(data)
    assert (load.status, load.rows_delivered) == ("loaded", 2)
    assert world.raw() == ROWS
    assert (world.settings.places.deliveries / load.sha256).read_bytes() == data


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16-le", "utf-8"])
def test_a_declared_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    """What is declared is not guessed."""
    world = World(tmp_path, table(encoding=encoding, **TWO))
    world.receive(CHINESE.encode(encoding))
    assert world.raw("name") == [("王芳",), ("李伟",)]


def test_a_broken_line_of_a_declared_encoding_keeps_its_bytes(tmp_path: Path) -> None:
    """Quarantine shows what was delivered, not what it was turned into."""
    world = World(tmp_path, table(encoding="gbk", **TWO))
    bad = "3,王".encode("gbk") + b"\xff,\n"
    world.receive(CHINESE.encode("gbk") + bad)
    assert len(world.raw("name")) == 2
    [(row, line, code, _, raw)] = world.quarantine()
    assert (row, line, code, raw) == (3, 4, "broken_encoding", bad)


def test_line_ends_inside_quotes_are_data(tmp_path: Path) -> None:
    """Only line ends between records are mended."""
    world = World(tmp_path, table(**TWO))
    world.receive(b'id,name\r\n1,"A\nB"\n2,"C\r\nD"\r\n')
    assert world.raw("name") == [("A\nB",), ("C\r\nD",)]


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


def test_only_the_declared_token_is_null(tmp_path: Path) -> None:
    """`Null` is a surname."""
    world = World(tmp_path, table(**{"null_token": "\\N"}, **TWO))
    world.receive(b"id,name\n1,Null\n2,\\N\n3,\n4,NA\n")
    assert [name for (name,) in world.raw("name")] == ["Null", "", "", "NA"]


def test_full_width_digits_are_read_and_kept(tmp_path: Path) -> None:
    """Raw keeps the text as delivered."""
    world = World(tmp_path, table(columns=[PEOPLE[0], PEOPLE[2]]))
    load = world.receive("id,age\n1,\uff13\uff10\n".encode())
    assert load.rows_loaded == 1
    assert world.raw("age") == [("\uff13\uff10",)]


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
    "x" * 240,
    "\u202efdp.exe",
    "-rf",
    " ",
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


CELLS = st.sampled_from(
    [
        "1",
        "Ann",
        "",
        '"',
        '""',
        '"a"',
        '"a\nb"',
        "x\0",
        "\r",
        "é",
        "9" * 30,
        "1990-01-01",
    ]
)
DIRTY = st.lists(
    st.one_of(
        st.lists(CELLS, min_size=5, max_size=5).map(",".join),
        st.lists(CELLS, max_size=8).map(",".join),
        st.text(max_size=20).filter(str.isprintable),
        st.sampled_from(["1,Ann,30,1990-01-01,1.50", "2,Bob,40,,", ""]),
    ),
    max_size=20,
)


@settings(max_examples=50, deadline=None)
@given(
    lines=DIRTY, line_end=st.sampled_from(["\n", "\r\n"]), junk=st.binary(max_size=6)
)
def test_every_row_of_a_dirty_file_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    line_end: str,
    junk: bytes,
) -> None:
    """Whatever the dirt: each ordinal is loaded or quarantined, once."""
    world = World(tmp_path_factory.mktemp("world"), table(rows={"minimum": 0}))
    body = line_end.join([*lines, "9,Zoe,1,,"]).encode() + line_end.encode()
    load = world.receive(HEADER + body + junk)
    assert load.status in ("loaded", "refused")
    assert load.reason_code != "balance"
    if load.status == "loaded":
        assert len(world.raw("id")) == load.rows_loaded
        assert len(world.quarantine()) == load.rows_quarantined
        ordinals = [row for (row,) in world.raw("_row")]
        ordinals += [row[0] for row in world.quarantine()]
        assert sorted(ordinals) == list(range(1, load.rows_delivered + 1))


def test_the_bytes_are_kept_for_their_owner_and_group(tmp_path: Path) -> None:
    """Nobody else may read what was delivered."""
    world = World(tmp_path, table())
    load = world.receive(CLEAN)
    kept = world.settings.places.deliveries / load.sha256
    assert kept.stat().st_mode & 0o777 == 0o640
