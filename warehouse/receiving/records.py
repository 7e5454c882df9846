"""Where the records of a text file begin and end, found without parsing its fields.

This is the independent count that every reading is held against: line ends outside
quotes, and the records that no parser may be given (stray quotes, NUL, broken encoding,
endless lines). It works on blocks of bytes with numpy, never on single rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap

import numpy as np
import numpy.typing as npt

from warehouse.receiving.reasons import Refusal

Positions = npt.NDArray[np.int64]

LONGEST_RECORD = 2_000_000
_BLOCK = 1 << 20
"""What a processor keeps near: larger blocks take twice as long."""
_BLOCK_IN_TROUBLE = 1 << 16
_LONGEST_BLOCK = 1 << 28
_LINE_FEED, _CARRIAGE_RETURN = 10, 13


@dataclass(frozen=True)
class Block:
    """Records that follow each other without a gap.

    Args:
        start: Where the first begins.
        ends: Where each ends, its line end included.
        code: Why these records must not be parsed; none when they may.
    """

    start: int
    ends: Positions
    code: str | None = None


@dataclass(frozen=True)
class Dialect:
    """The bytes that structure a text file.

    Args:
        delimiter: What stands between fields.
        quote: What stands around them; none where nothing is quoted.
        width: How many fields a record has; none where any number will do.
    """

    delimiter: int
    quote: int | None
    width: int | None = None


@dataclass(frozen=True)
class _Trouble:
    at: int
    code: str


def _first_stray_quote(
    block: npt.NDArray[np.uint8], quotes: Positions, dialect: Dialect
) -> int | None:
    before = np.array([dialect.delimiter, _LINE_FEED, dialect.quote], dtype=np.uint8)
    after = np.append(before, np.uint8(_CARRIAGE_RETURN))
    opening, closing = quotes[0::2], quotes[1::2]
    opening = opening[opening > 0]
    stray_open = opening[~np.isin(block[opening - 1], before)]
    inner = closing[closing + 1 < len(block)]
    stray_close = inner[~np.isin(block[inner + 1], after)]
    found = [int(stray[0]) for stray in (stray_open, stray_close) if len(stray)]
    return min(found, default=None)


def _first_trouble(
    view: mmap, start: int, end: int, stray: int | None
) -> _Trouble | None:
    troubles = []
    if stray is not None:
        troubles.append(_Trouble(start + stray, "stray_quote"))
    nul = view.find(b"\0", start, end)
    if nul >= 0:
        troubles.append(_Trouble(nul, "nul_byte"))
    try:
        view[start:end].decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut_by_block = end < len(view) and error.start >= end - start - 3
        if not is_cut_by_block:
            troubles.append(_Trouble(start + error.start, "broken_encoding"))
    return min(troubles, key=lambda trouble: trouble.at, default=None)


def _too_wide(view: mmap, start: int, ends: Positions, dialect: Dialect) -> Positions:
    """Return which records have more fields than they should, the last one empty.

    DuckDB takes fields beyond the last column for none if they are empty.
    """
    block = np.frombuffer(view, np.uint8, count=int(ends[-1]) - start, offset=start)
    inner = ends - start
    last = inner - 1 - (block[inner - 1] == _LINE_FEED)
    last = last - (block[last] == _CARRIAGE_RETURN)
    ends_empty = block[last] == dialect.delimiter
    if dialect.width is None or not ends_empty.any():
        return np.empty(0, np.int64)
    delimiters = np.flatnonzero(block == dialect.delimiter)
    quotes = np.flatnonzero(block == dialect.quote)
    if len(quotes):
        delimiters = delimiters[np.searchsorted(quotes, delimiters) % 2 == 0]
    counts = np.diff(np.searchsorted(delimiters, inner), prepend=0)
    return np.flatnonzero(ends_empty & (counts >= dialect.width))


def _apart(
    view: mmap, start: int, ends: Positions, dialect: Dialect
) -> Iterator[Block]:
    """Yield the records, those that are too long or too wide apart."""
    starts = np.append(start, ends[:-1])
    codes = dict.fromkeys(
        _too_wide(view, start, ends, dialect).tolist(), "too_many_fields"
    )
    long = np.flatnonzero(ends - starts > LONGEST_RECORD)
    codes |= dict.fromkeys(long.tolist(), "too_long")
    begin = 0
    for index, code in sorted(codes.items()):
        if index > begin:
            yield Block(int(starts[begin]), ends[begin:index])
        yield Block(int(starts[index]), ends[index : index + 1], code)
        begin = index + 1
    if begin < len(ends):
        yield Block(int(starts[begin]), ends[begin:])


def _unclosed(view: mmap, start: int) -> Refusal:
    """Return the refusal of a quote that never closes, by its record's line."""
    pieces = range(0, start, _BLOCK)
    ends = sum(view[at : min(at + _BLOCK, start)].count(b"\n") for at in pieces)
    return Refusal("quote_unclosed", "a quote is opened and not closed", ends + 1)


def _bad_record_end(view: mmap, start: int, trouble: _Trouble, ends: Positions) -> int:
    """Return where the record at fault ends; 0 when a longer block must be read."""
    if trouble.code == "stray_quote":
        if view.find(b"\n", start, trouble.at) >= 0:
            raise _unclosed(view, start)
        return (view.find(b"\n", trouble.at) + 1) or len(view)
    later = ends[ends > trouble.at]
    return int(later[0]) if len(later) else 0


def _record_ends(
    block: npt.NDArray[np.uint8], quotes: Positions, *, is_last: bool
) -> Positions:
    ends = np.flatnonzero(block == _LINE_FEED)
    if len(quotes):
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
    ends = ends + 1
    has_tail = is_last and (not len(ends) or ends[-1] < len(block))
    if has_tail and len(quotes) % 2 == 0:
        ends = np.append(ends, len(block))
    return ends


def scan(view: mmap, dialect: Dialect, *, start: int = 0) -> Iterator[Block]:
    """Yield the records from `start` on, in order, those at fault apart.

    Args:
        view: The file, in UTF-8, its line ends uniform.
        dialect: Its delimiter and quote.
        start: Where a record begins.

    Raises:
        Refusal: A quote never closes.
    """
    position, size = start, _BLOCK
    while position < len(view):
        end = min(position + size, len(view))
        block = np.frombuffer(view, np.uint8, count=end - position, offset=position)
        quotes = (
            np.flatnonzero(block == dialect.quote)
            if dialect.quote is not None
            else np.empty(0, np.int64)
        )
        stray = _first_stray_quote(block, quotes, dialect) if len(quotes) else None
        ends = position + _record_ends(block, quotes, is_last=end == len(view))
        trouble = _first_trouble(view, position, end, stray)
        good = ends if trouble is None else ends[ends <= trouble.at]
        if len(good):
            yield from _apart(view, position, good, dialect)
            position = int(good[-1])
        if trouble is not None:
            bad_end = _bad_record_end(view, position, trouble, ends)
            if bad_end:
                yield Block(position, np.array([bad_end]), trouble.code)
                position, size = bad_end, _BLOCK_IN_TROUBLE
                continue
        if not len(good) and end == len(view):
            raise _unclosed(view, position)
        size = min(size * 2, _BLOCK) if len(good) else size * 2
        if size > _LONGEST_BLOCK:
            raise _unclosed(view, position)
