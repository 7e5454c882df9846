"""From delivered bytes to a plain file of the declared format, or a refusal.

Formats are told by their first bytes, never by a name. Archives are unpacked here, with
their check sums verified and their size bounded; nothing else opens them.
"""

import zipfile
import zlib
from pathlib import Path

from warehouse.contracts import TableContract
from warehouse.receiving.reasons import Refusal

LARGEST_EXPANSION = 200
"""How many times its packed size a file may unpack to, above the allowance."""
EXPANSION_ALLOWANCE = 1 << 28
_PIECE = 1 << 22
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"PAR1": "parquet",
    b"SQLite format 3\0": "sqlite",
    b"\xd0\xcf\x11\xe0": "old excel",
    b"%PDF": "pdf",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstandard",
    b"7z\xbc\xaf": "7z",
}
_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<?xml", b"<body")
_EXPECTED = {"csv": "text", "json_lines": "text", "parquet": "parquet", "excel": "zip"}


def format_of(head: bytes) -> str:
    """Return what the first bytes of a file say it is."""
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return "web page" if start.startswith(_WEB_PAGE) else "text"


def _require(path: Path, expected: str) -> None:
    with path.open("rb") as file:
        found = format_of(file.read(512))
    if found == expected:
        return
    if found == "web page":
        raise Refusal("web_page", f"a web page came instead of {expected}")
    raise Refusal("wrong_magic", f"the bytes are {found}, the contract says {expected}")


def _limit(packed: int) -> int:
    return packed * LARGEST_EXPANSION + EXPANSION_ALLOWANCE


def _ungzip(path: Path, target: Path) -> None:
    limit = _limit(path.stat().st_size)
    written = 0
    with path.open("rb") as packed, target.open("wb") as plain:
        engine = zlib.decompressobj(wbits=31)
        pending = packed.read(_PIECE)
        while pending:
            piece = engine.decompress(pending, _PIECE)
            written += len(piece)
            if written > limit:
                raise Refusal("bomb", f"it unpacks to more than {limit} bytes")
            plain.write(piece)
            pending = engine.unconsumed_tail
            if engine.eof:
                pending = engine.unused_data + packed.read(_PIECE)
                if pending:
                    engine = zlib.decompressobj(wbits=31)
            elif not pending:
                pending = packed.read(_PIECE)
        if not engine.eof:
            raise Refusal("damaged", "the gzip file is cut")


def _plain_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = archive.infolist()
    if len(members) != 1:
        raise Refusal("unsafe_archive", f"the zip holds {len(members)} members, not 1")
    member = members[0]
    is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
    parts = Path(member.filename.replace("\\", "/"))
    if is_link or member.is_dir() or parts.is_absolute() or ".." in parts.parts:
        raise Refusal(
            "unsafe_archive", "the zip's member is a path out, link or folder"
        )
    if member.flag_bits & 1:
        raise Refusal("unsafe_archive", "the zip has a password")
    return member


def _unzip(path: Path, target: Path) -> None:
    limit = _limit(path.stat().st_size)
    written = 0
    with zipfile.ZipFile(path) as archive:
        member = _plain_member(archive)
        with archive.open(member) as packed, target.open("wb") as plain:
            while piece := packed.read(_PIECE):
                written += len(piece)
                if written > limit:
                    raise Refusal("bomb", f"it unpacks to more than {limit} bytes")
                plain.write(piece)


def check_sqlite(path: Path) -> None:
    """Refuse a file that is no SQLite database, or not the whole of one.

    What is cut off reads as rows of nulls. The header states size and number of pages;
    the number counts where it was written by the last change.

    Raises:
        Refusal: It is another file, or cut.
    """
    _require(path, "sqlite")
    with path.open("rb") as file:
        head = file.read(100)
    page = int.from_bytes(head[16:18]) if head[16:18] != b"\0\1" else 1 << 16
    is_counted = head[24:28] == head[92:96]
    pages = int.from_bytes(head[28:32]) if is_counted else 1
    if path.stat().st_size < page * pages:
        raise Refusal("damaged", "the database file is cut")


def check_book(path: Path) -> None:
    """Refuse an Excel book that is cut, or that would unpack without bound.

    Raises:
        Refusal: The book is damaged or a bomb.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > _limit(path.stat().st_size):
                raise Refusal("bomb", f"it unpacks to {size} bytes")
            broken = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise Refusal("damaged", "the book is cut or damaged") from error
    if broken is not None:
        raise Refusal("damaged", "a part of the book has a wrong check sum")


def unpack(path: Path, table: TableContract, target: Path) -> Path:
    """Return the plain file of a delivery, verified to be of the declared format.

    Args:
        path: The delivered bytes.
        table: What the contract says of them.
        target: Where to unpack to, if they are packed.

    Raises:
        Refusal: They are empty, packed otherwise, damaged, or of another format.
    """
    plain = path
    if not path.stat().st_size and table.compression != "none":
        raise Refusal("empty_file", "the file has no bytes")
    if table.compression != "none":
        _require(path, table.compression)
        plain = target
        try:
            (_ungzip if table.compression == "gzip" else _unzip)(path, target)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise Refusal(
                "damaged", f"the {table.compression} file is cut or damaged"
            ) from error
    if plain.stat().st_size:
        _require(plain, _EXPECTED[table.format])
    elif _EXPECTED[table.format] != "text":
        raise Refusal("empty_file", "the file has no bytes")
    return plain
