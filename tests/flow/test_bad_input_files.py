"""Files that break their contract as a whole: each is refused, kept, and explained."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from receiving_world import GOOD, HEADER, PEOPLE, World, table

from warehouse.receiving import MENDS

CLEAN = HEADER + GOOD


def zipped(*members: tuple[str, bytes], mode: int = 0) -> bytes:
    """Make a zip of members, of a file mode where given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def with_password(archive: bytes) -> bytes:
    """Mark the member of a zip as encrypted."""
    marked = bytearray(archive)
    marked[6] |= 1
    marked[marked.index(b"PK\x01\x02") + 8] |= 1
    return bytes(marked)


def book(frame: pd.DataFrame) -> bytes:
    """Make an Excel book of a frame."""
    buffer = io.BytesIO()
    frame.to_excel(buffer, index=False)
    return buffer.getvalue()


def parquet(frame: pd.DataFrame) -> bytes:
    """Make a Parquet file of a frame."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


def damaged(data: bytes) -> bytes:
    """Flip a byte of the check sum at the end of a gzip file."""
    return data[:-6] + bytes([data[-6] ^ 1]) + data[-5:]


FRAME = pd.DataFrame({"id": ["1"], "name": ["Ann"]})
TWO = {"columns": PEOPLE[:2]}
FOOTER = {"footer": {"marker": "TOTAL", "row_count_field": 1, "total_field": 4}}
FOOTED = {"footer": {**FOOTER["footer"], "total_column": "spent"}}
GZIP, ZIP = {"compression": "gzip"}, {"compression": "zip"}
FULL = {"delivery": "full", "keys": ["id"]}

REFUSED: list[tuple[str, bytes, dict[str, Any], str]] = [
    ("no bytes", b"", {}, "empty_file"),
    ("header only", HEADER, {}, "empty_file"),
    ("full snapshot of nothing", HEADER, FULL | {"rows": {"minimum": 0}}, "empty_file"),
    ("web page", b"<!DOCTYPE html><html>login</html>", {}, "web_page"),
    ("web page for json", b"\n<html>429</html>", {"format": "json_lines"}, "web_page"),
    ("gzip undeclared", gzip.compress(CLEAN), {}, "wrong_magic"),
    ("zip undeclared", zipped(("people.csv", CLEAN)), {}, "wrong_magic"),
    ("parquet as csv", parquet(FRAME), {}, "wrong_magic"),
    ("csv as parquet", CLEAN, {"format": "parquet"}, "wrong_magic"),
    ("csv as excel", CLEAN, {"format": "excel"}, "wrong_magic"),
    ("csv as gzip", CLEAN, GZIP, "wrong_magic"),
    ("gzip cut", gzip.compress(CLEAN)[:-9], GZIP, "damaged"),
    ("gzip with wrong sum", damaged(gzip.compress(CLEAN)), GZIP, "damaged"),
    ("gzip bomb", gzip.compress(bytes(1 << 29)), GZIP, "bomb"),
    ("zip with two", zipped(("a", CLEAN), ("b", CLEAN)), ZIP, "unsafe_archive"),
    ("zip with way out", zipped(("../a.csv", CLEAN)), ZIP, "unsafe_archive"),
    ("zip with absolute path", zipped(("/a.csv", CLEAN)), ZIP, "unsafe_archive"),
    ("zip with link", zipped(("a", b"/etc"), mode=0o120777), ZIP, "unsafe_archive"),
    ("zip with password", with_password(zipped(("a", CLEAN))), ZIP, "unsafe_archive"),
    ("zip cut", zipped(("a", CLEAN))[:-30], ZIP, "damaged"),
    ("parquet cut", parquet(FRAME)[:-20], TWO | {"format": "parquet"}, "damaged"),
    ("book cut", book(FRAME)[:-200], TWO | {"format": "excel"}, "damaged"),
    (
        "no such sheet",
        book(FRAME),
        TWO | {"format": "excel", "sheet": "X"},
        "sheet_missing",
    ),
    ("utf-16 undeclared", CLEAN.decode().encode("utf-16"), {}, "wrong_encoding"),
    (
        "gbk undeclared",
        HEADER + "1,王芳,30,1990-01-01,1\n".encode("gbk") * 4,
        {},
        "wrong_encoding",
    ),
    ("gbk header undeclared", "编号,姓名\n1,王\n".encode("gbk"), {}, "wrong_encoding"),
    (
        "utf-8 declared as utf-16",
        b"\xef\xbb\xbf" + CLEAN,
        {"encoding": "utf-16"},
        "wrong_encoding",
    ),
    ("preamble", b"Report of Monday\n" + CLEAN, {}, "column_missing"),
    ("other delimiter", CLEAN.replace(b",", b";"), {}, "column_missing"),
    ("column missing", b"id,name,age,born\n1,Ann,3,1990-01-01\n", {}, "column_missing"),
    (
        "column repeated",
        b"id,id,name,age,born,spent\n1,1,A,3,,\n",
        {},
        "header_repeated",
    ),
    (
        "column without name",
        b"id,,name,age,born,spent\n1,1,A,3,,\n",
        {},
        "header_blank",
    ),
    ("column unknown", b"id,x,name,age,born,spent\n1,1,A,3,,\n", {}, "column_unknown"),
    (
        "100,000 columns",
        b",".join(b"c%d" % i for i in range(100_000)) + b"\n1\n",
        {},
        "too_many_columns",
    ),
    ("NUL in header", b"id,na\0me\n1,2\n", {}, "unreadable"),
    (
        "quote never closed",
        CLEAN + b'3,"Eve,50,1970-01-01,1\n4,Flo,1,,\n',
        {},
        "quote_unclosed",
    ),
    (
        "quote closed rows later",
        CLEAN + b'3,"Eve,5,,1\n4,"Flo",1,,\n',
        {},
        "quote_unclosed",
    ),
    ("footer missing", CLEAN, FOOTED, "footer_missing"),
    ("footer of other count", CLEAN + b"TOTAL,3,,,4.00\n", FOOTED, "footer_mismatch"),
    ("footer of other sum", CLEAN + b"TOTAL,2,,,4.01\n", FOOTED, "footer_mismatch"),
    ("too few rows", CLEAN, {"rows": {"minimum": 3}}, "too_few_rows"),
    ("too many rows", CLEAN, {"rows": {"maximum": 1}}, "too_many_rows"),
    (
        "json without a column",
        b'{"id":"1"}\n',
        {"format": "json_lines", **TWO},
        "column_missing",
    ),
]


@pytest.mark.parametrize(
    ("data", "contract", "code"),
    [pytest.param(*each[1:], id=each[0]) for each in REFUSED],
)
def test_the_file_is_refused_whole(
    tmp_path: Path, data: bytes, contract: dict[str, Any], code: str
) -> None:
    """Nothing of it reaches raw; its bytes are kept, its reason and mend are told."""
    world = World(tmp_path, table(**contract))
    load = world.receive(data)
    assert (load.status, load.reason_code, load.rows_delivered) == ("refused", code, 0)
    assert load.reason
    assert load.mend == MENDS[code]
    assert world.raw("id") == []
    assert world.quarantine() == []
    assert (world.settings.places.deliveries / load.sha256).read_bytes() == data
    assert world.waits() == []


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
