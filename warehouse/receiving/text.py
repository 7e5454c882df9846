"""From a text file to UTF-8 with uniform line ends, copied only if it must be.

A clean file is used as it is. Bytes that the declared encoding does not know are
carried over as they are, so that the scan of records finds them and quarantines their
row alone.
"""

import codecs
import mmap
from pathlib import Path

import numpy as np

from warehouse.receiving.reasons import Refusal

_PIECE = 1 << 22
_TELLING = 3
"""How many characters of UTF-8, and nothing that is none, tell that a file is UTF-8."""
_UNDEFINED = {code: 0xDC00 + code for code in range(0x80, 0xA0)}
"""Bytes that stand for no character of ISO 8859-1; in cp1252 they do."""
_OF_ONE_BYTE = frozenset({"iso8859-1", "cp1252", "cp1250", "cp1251"})
ENCODINGS = frozenset(
    {"utf-8", "gbk", "gb18030", "gb2312", "big5", "shift_jis", "euc-kr", "utf-16"}
    | {"utf-16-le", "utf-16-be", "latin-1", "cp1252", "cp1250", "cp1251", "ascii"}
)


def view_of(path: Path) -> mmap.mmap:
    """Map a file that is not empty into memory, read-only."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def normal_encoding(name: str) -> str:
    """Return Python's own name of an encoding that a contract may declare.

    Raises:
        Refusal: The encoding is not one of those that are known here.
    """
    try:
        known = codecs.lookup(name).name
    except LookupError as error:
        raise Refusal("wrong_encoding", "the contract's encoding is unknown") from error
    if known not in {codecs.lookup(each).name for each in ENCODINGS}:
        raise Refusal("wrong_encoding", f"the encoding {known} is not supported")
    return known


def _carry_over(encoding: str) -> str:
    return "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"


def _is_utf8(path: Path, declared: str) -> bool:
    """Return whether a file is UTF-8, though another encoding is declared.

    Of the encodings of several bytes, a few characters may be UTF-8 by chance; those
    that take three bytes there are not, and their scripts take three.
    """
    least = 0x7F if declared in _OF_ONE_BYTE else 0x7FF
    decoder, found = codecs.getincrementaldecoder("utf-8")(), 0
    try:
        with path.open("rb") as source:
            while piece := source.read(_PIECE):
                text = decoder.decode(piece)
                if not text.isascii():
                    found += sum(ord(letter) > least for letter in text)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return found >= _TELLING


def _transcode(path: Path, encoding: str, target: Path) -> None:
    errors = _carry_over(encoding)
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    try:
        with path.open("rb") as source, target.open("wb") as plain:
            is_first = True
            while piece := source.read(_PIECE):
                text = decoder.decode(piece)
                if encoding == "iso8859-1":
                    text = text.translate(_UNDEFINED)
                text = text.removeprefix("\ufeff") if is_first else text
                plain.write(text.encode("utf-8", errors))
                is_first = False
            plain.write(decoder.decode(b"", final=True).encode("utf-8", errors))
    except UnicodeError as error:
        raise Refusal(
            "wrong_encoding", f"the file is not {encoding}, as the contract says"
        ) from error


def to_utf8(path: Path, encoding: str, target: Path) -> Path:
    """Return the file in UTF-8: itself, or a copy from its declared encoding.

    Raises:
        Refusal: It is in another encoding than the contract declares.
    """
    with path.open("rb") as file:
        head = file.read(4)
    declared = normal_encoding(encoding)
    if declared in ("utf-8", "ascii"):
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Refusal("wrong_encoding", "the file is UTF-16, not as declared")
        return path
    if head.startswith(codecs.BOM_UTF8):
        raise Refusal("wrong_encoding", "the file is UTF-8, not as declared")
    if not declared.startswith("utf-16") and _is_utf8(path, declared):
        raise Refusal("wrong_encoding", "the file is UTF-8, not as declared")
    _transcode(path, declared, target)
    return target


def to_delivered(text: bytes, encoding: str) -> bytes:
    """Return the bytes as they were before `to_utf8`."""
    declared = normal_encoding(encoding)
    if declared in ("utf-8", "ascii"):
        return text
    errors = _carry_over(declared)
    return text.decode("utf-8", errors).encode(declared, errors)


def _outside(quotes: int, block: np.ndarray, quote: int | None) -> np.ndarray:
    """Return, per carriage return of the block, its place if it is outside quotes."""
    returns = np.flatnonzero(block == 13)
    if quote is None:
        return returns
    places = np.flatnonzero(block == quote)
    inside = (np.searchsorted(places, returns) + quotes) % 2
    outside: np.ndarray = returns[inside == 0]
    return outside


def has_one_line_end(path: Path) -> bool:
    """Return whether all line ends are alike, those inside quotes too."""
    view = view_of(path)
    return view.find(b"\r") < 0 or _has_only_crlf(view, None)


def with_uniform_line_ends(path: Path, quote: int | None, target: Path) -> Path:
    """Return the file with one kind of line end outside quotes: itself or a copy.

    Which line ends are outside quotes is told by counting quotes, so the result is only
    to be relied on where no quote is stray.
    """
    view = view_of(path)
    if _has_only_crlf(view, quote):
        return path
    quotes, position = 0, 0
    with target.open("wb") as plain:
        while position < len(view):
            end = min(position + _PIECE, len(view))
            if end < len(view) and view[end - 1] == 13:
                end += 1
            block = np.frombuffer(view[position:end], np.uint8).copy()
            returns = _outside(quotes, block, quote)
            quotes += int((block == quote).sum()) if quote is not None else 0
            followed = np.append(block, 0)[returns + 1] == 10
            block[returns[~followed]] = 10
            kept = np.ones(len(block), bool)
            kept[returns[followed]] = False
            plain.write(block[kept].tobytes())
            position = end
    return target


def _has_only_crlf(view: mmap.mmap, quote: int | None) -> bool:
    quotes, position = 0, 0
    while position < len(view):
        end = min(position + _PIECE, len(view))
        block = np.frombuffer(view[position : min(end + 1, len(view))], np.uint8)
        size = end - position
        returns = _outside(quotes, block[:size], quote)
        feeds = np.flatnonzero(block[:size] == 10)
        if quote is not None:
            places = np.flatnonzero(block[:size] == quote)
            feeds = feeds[(np.searchsorted(places, feeds) + quotes) % 2 == 0]
            quotes += len(places)
        before = np.append(0, view[position - 1] if position else 0)[-1]
        preceding = np.where(feeds > 0, block[feeds - 1], before)
        following = np.append(block, 0)[returns + 1]
        if (preceding != 13).any() or (following != 10).any():
            return False
        position = end
    return True
