"""A text file as records: cleaned of what no parser may see, and locatable."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from mmap import mmap
from pathlib import Path

import numpy as np

from warehouse.receiving.reasons import Refusal, RejectedRow
from warehouse.receiving.records import Block, Dialect, Positions, scan
from warehouse.receiving.text import to_delivered, view_of

_REASONS = {
    "stray_quote": "a quote stands inside a field",
    "nul_byte": "the row holds a NUL byte",
    "broken_encoding": "the row holds bytes that are not of the declared encoding",
    "too_long": "the row is longer than 2 MB",
    "too_many_fields": "the row has too many fields",
}


@dataclass
class Lines:
    """The records of a text file.

    Args:
        path: The file in UTF-8 with uniform line ends.
        encoding: The encoding it was delivered in.
        dialect: Its delimiter and quote.
        start: Where its first record after the header begins.
        skips_blank: True when an empty line is no record.
        is_uniform: True when all line ends were delivered alike.
    """

    path: Path
    encoding: str
    dialect: Dialect
    start: int
    skips_blank: bool
    is_uniform: bool
    count: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    is_clean: bool = True
    """True when the file itself may be parsed: nothing rejected, no blank line."""
    _lines: int = 1
    _counted_to: int = 0
    _marks: list[tuple[int, int]] = field(default_factory=list)
    """Where each block begins, and how many records stand before it."""

    def _view(self) -> mmap:
        return view_of(self.path)

    def _blank(self, view: mmap, block: Block) -> np.ndarray:
        starts = np.append(block.start, block.ends[:-1])
        sizes = block.ends - starts
        short = np.flatnonzero(sizes <= 2)
        is_blank = np.zeros(len(sizes), bool)
        if self.skips_blank and len(short):
            texts = [view[int(starts[i]) : int(block.ends[i])] for i in short]
            is_blank[short] = [text in (b"\n", b"\r\n") for text in texts]
        return is_blank

    def inspect(self) -> None:
        """Count the records and set those apart that must not be parsed.

        Raises:
            Refusal: A quote never closes, or most rows are of another encoding.
        """
        view = self._view()
        for block in scan(view, self.dialect, start=self.start):
            blank = self._blank(view, block)
            self._marks.append((block.start, self.count))
            self.is_clean &= block.code is None and not blank.any()
            if block.code is not None:
                self._reject(view, block)
            self.count += len(blank) - int(blank.sum())
        codes = {row.code for row in self.rejected}
        if "stray_quote" in codes and not self.is_uniform:
            raise Refusal("unreadable", "line ends are mixed and quotes are stray")
        broken = sum(row.code == "broken_encoding" for row in self.rejected)
        if broken > max(1, self.count // 2):
            raise Refusal(
                "wrong_encoding",
                f"{broken} of {self.count} rows are not {self.encoding}, as declared",
            )

    def _reject(self, view: mmap, block: Block) -> None:
        end = int(block.ends[0])
        self._lines += view[self._counted_to : block.start].count(b"\n")
        self._counted_to = block.start
        self.rejected.append(
            RejectedRow(
                row=self.count + 1,
                line=self._lines,
                code=block.code or "",
                reason=_REASONS[block.code or ""],
                raw=to_delivered(view[block.start : end], self.encoding),
            )
        )

    def write_clean(self, target: Path, header: bytes) -> Path:
        """Return a file of the records that may be parsed: this one, if all may."""
        if self.is_clean:
            return self.path
        view = self._view()
        with target.open("wb") as plain:
            plain.write(header)
            for block in scan(view, self.dialect, start=self.start):
                if block.code is None:
                    self._write_block(view, block, plain.write)
        return target

    def _write_block(
        self, view: mmap, block: Block, write: Callable[[bytes], int]
    ) -> None:
        blank = self._blank(view, block)
        if not blank.any():
            write(view[block.start : int(block.ends[-1])])
            return
        starts = np.append(block.start, block.ends[:-1])
        begin = block.start
        for index in np.flatnonzero(blank):
            write(view[begin : int(starts[index])])
            begin = int(block.ends[index])
        write(view[begin : int(block.ends[-1])])

    def locate(self, rows: Sequence[int]) -> list[tuple[int | None, bytes]]:
        """Return the line where each record starts, and its bytes, in order of rows.

        Args:
            rows: Ordinals of records, ascending.
        """
        view = self._view()
        found: list[tuple[int | None, bytes]] = []
        lines, counted_to = 1, 0
        for start, end in self._places(view, np.asarray(rows, np.int64)):
            lines += view[counted_to:start].count(b"\n")
            counted_to = start
            raw = to_delivered(view[start:end], self.encoding)
            found.append((lines, raw.rstrip(b"\r\n")))
        return found

    def _places(self, view: mmap, rows: Positions) -> Iterator[tuple[int, int]]:
        """Yield where records begin and end; only blocks that hold them are read."""
        before = np.array([count for _, count in self._marks], np.int64)
        marks = np.searchsorted(before, rows) - 1
        for mark in np.unique(marks):
            wanted = rows[marks == mark]
            begin, seen = self._marks[mark]
            for block in scan(view, self.dialect, start=begin):
                starts, ends = self._records(view, block)
                places = (
                    wanted[(wanted > seen) & (wanted <= seen + len(ends))] - seen - 1
                )
                yield from zip(
                    starts[places].tolist(), ends[places].tolist(), strict=True
                )
                seen += len(ends)
                if seen >= wanted[-1]:
                    break

    def _records(self, view: mmap, block: Block) -> tuple[Positions, Positions]:
        starts = np.append(block.start, block.ends[:-1])
        kept = ~self._blank(view, block)
        return starts[kept], block.ends[kept]
