"""Conservation: whatever is delivered, each row of it is accounted for, once.

Delivered = loaded + quarantined + repeated, on every load; and each quarantined row
lies in quarantine with its file, line, reason and bytes.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from bad_input_rows import BAD_ROWS
from hypothesis import given, settings
from hypothesis import strategies as st
from receiving_world import HEADER, World, table

from warehouse.receiving import MENDS, Load

HELD = """
select delivered_name, row_number, line_number, reason_code, reason, raw_bytes
from quarantine.row where load_id = {} order by row_number
"""
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], World]:
    """Return what gives a house that drawn files are delivered to."""
    made = World(tmp_path_factory.mktemp("plain"), table(rows={"minimum": 0}))
    return lambda: made


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], World]:
    """Return what gives a house that knows its rows by their keys."""
    made = World(tmp_path_factory.mktemp("keyed"), table(keys=["id"]))
    return lambda: made


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
    plain: Callable[[], World], lines: list[str], line_end: str, junk: bytes
) -> None:
    """Whatever the dirt: each ordinal is loaded or quarantined, once."""
    world, number = plain(), next(NUMBERS)
    body = line_end.join([*lines, f"{number},Zoe,1,,"]).encode() + line_end.encode()
    load = world.receive(HEADER + body + junk, f"people-{number}")
    assert load.status in ("loaded", "refused")
    assert load.reason_code != "balance"
    held = world.rows(HELD.format(load.load_id))
    if load.status == "loaded":
        query = f"select _row from raw_crm.people where _load_id = {load.load_id}"  # noqa: S608
        ordinals = [row for (row,) in world.rows(query)]
        assert (len(ordinals), len(held)) == (load.rows_loaded, load.rows_quarantined)
        ordinals += [row[1] for row in held]
        assert sorted(ordinals) == list(range(1, load.rows_delivered + 1))
    asserted(load, held, HEADER + body + junk)


def asserted(load: Load, held: list[tuple[Any, ...]], data: bytes) -> None:
    """See that each quarantined row is told as it stands in the file.

    A lone carriage return ends a line outside quotes only, so where there is one the
    lines are not counted here.
    """
    lines = uniform(data).split(b"\n")
    is_counted_alike = b"\r" not in data.replace(b"\r\n", b"\n")
    for name, _, line, code, reason, raw in held:
        assert name == load.delivered_name
        assert code in MENDS
        assert reason
        told = uniform(raw).rstrip(b"\n").split(b"\n")
        assert b"\n".join(told) in uniform(data)
        if is_counted_alike:
            assert lines[line - 1 : line - 1 + len(told)] == told


def uniform(data: bytes) -> bytes:
    """Return the bytes with one kind of line end, as lines are counted."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


@dataclass(frozen=True)
class Row:
    """A row of a drawn file: one of a few customers, or a bad one."""

    text: bytes
    code: str | None
    customer: int


BAD = [(row, code) for _, row, code, _ in BAD_ROWS if code != "too_long"]
ROWS = st.one_of(
    st.integers(0, 5).map(lambda n: Row(b"%d,Ann,30,1990-01-01,1.50\n" % n, None, n)),
    st.sampled_from(BAD).map(lambda bad: Row(*bad, -1)),
)
FILES = st.lists(st.lists(ROWS, min_size=1, max_size=12), min_size=1, max_size=3)


@settings(max_examples=40, deadline=None)
@given(files=FILES)
def test_good_and_bad_rows_of_any_files_balance(
    keyed: Callable[[], World], files: list[list[Row]]
) -> None:
    """Good ones are loaded once, however often they come; bad ones are told exactly."""
    world, example = keyed(), next(NUMBERS)
    seen: set[int] = set()
    for number, rows in enumerate(files):
        texts = [
            row.text if row.code else b"%d" % (example * 10) + row.text for row in rows
        ]
        load = world.receive(HEADER + b"".join(texts), f"people-{example}-{number}")
        if load.status == "repeated":
            assert load.rows_repeated == len(rows)
            continue
        good = [row.customer for row in rows if row.code is None]
        assert load.rows_delivered == len(rows)
        assert load.rows_loaded == len(set(good) - seen)
        assert load.rows_repeated == len(good) - load.rows_loaded
        seen |= set(good)
        found = world.rows(HELD.format(load.load_id))
        assert [(row[1], row[2], row[3]) for row in found] == [
            (ordinal, ordinal + 1, row.code)
            for ordinal, row in enumerate(rows, start=1)
            if row.code
        ]
        assert [row[5].rstrip(b"\n") for row in found] == [
            row.text.rstrip(b"\n") for row in rows if row.code
        ]
        assert {row[0] for row in found} <= {f"people-{example}-{number}"}
