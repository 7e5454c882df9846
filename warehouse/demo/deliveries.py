"""How files are put into the landing folder, with what is planted in them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.demo.dirt import Planted, bad_lines
from warehouse.demo.writing import csv_bytes, write_excel, write_parquet

FIRST_DATE = date(2026, 1, 1)


@dataclass(frozen=True)
class Manner:
    """How a CSV file is written.

    Attributes:
        delimiter: What stands between fields.
        encoding: How the text is written.
        key: The key under which bad lines are planted; none without one.
        footer_of: The column whose sum closes the file; no footer without one.
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    key: str = ""
    footer_of: str = ""


@dataclass
class Desk:
    """Where deliveries are written, and what was written.

    Attributes:
        landing: The landing folder.
        planted: What was planted in the files.
        rows: Rows delivered per table, bad ones and repeats included.
        files: Number of files.
    """

    landing: Path
    planted: Planted = field(default_factory=Planted)
    rows: Counter[str] = field(default_factory=Counter)
    files: int = 0

    def date_of(self, on_day: int) -> str:
        """Return the business date of a day of the demo."""
        return (FIRST_DATE + timedelta(days=on_day)).isoformat()

    def path(self, on_day: int, source: str, name: str) -> Path:
        """Return the path of a new file in the folder of a day, made if need be."""
        folder = self.landing / self.date_of(on_day) / source
        folder.mkdir(parents=True, exist_ok=True)
        self.files += 1
        return folder / name

    def csv(
        self,
        table: str,
        parts: Iterable[pa.Table],
        *,
        name: str,
        on_day: int,
        folder_day: int | None = None,
        manner: Manner = Manner(),
    ) -> Path:
        """Write rows as one CSV file, with bad lines and a control total if asked.

        Args:
            table: The name of the table, such as `till.sales`.
            parts: The rows; at least one table, which may be empty.
            name: The name of the file.
            on_day: The day that the rows are about.
            folder_day: The day on which they come, when they are late.
            manner: How the file is written.
        """
        arrival = on_day if folder_day is None else folder_day
        path = self.path(arrival, table.partition(".")[0], name)
        sample, count, cents = None, 0, 0
        with path.open("wb") as file:
            for part in parts:
                file.write(
                    csv_bytes(
                        part,
                        header=sample is None,
                        delimiter=manner.delimiter,
                        encoding=manner.encoding,
                    )
                )
                sample = sample if sample is not None and len(sample) else part
                count += len(part)
                cents += _cents(part[manner.footer_of]) if manner.footer_of else 0
            for line in self._bad_lines(table, sample, manner, on_day, path):
                file.write(line)
                count += 1
            if manner.footer_of:
                file.write(f"TOTAL,{count},{_money(cents)}\n".encode())
        self.rows[table] += count
        if arrival != on_day:
            self.note("late", path, detail=f"about {self.date_of(on_day)}")
        return path

    def _bad_lines(
        self,
        table: str,
        sample: pa.Table | None,
        manner: Manner,
        on_day: int,
        path: Path,
    ) -> Iterator[bytes]:
        if not manner.key or sample is None or not len(sample):
            return
        for fault, record, line in bad_lines(
            sample,
            table,
            key=manner.key,
            on_day=on_day,
            delimiter=manner.delimiter,
            encoding=manner.encoding,
        ):
            self.note("bad_row", path, record=record, detail=fault.said)
            yield line

    def parquet(
        self, table: str, parts: Iterable[pa.Table], *, name: str, day: int
    ) -> None:
        """Write rows as one Parquet file."""
        path = self.path(day, table.partition(".")[0], name)
        self.rows[table] += write_parquet(parts, path)

    def excel(self, table: str, rows: pa.Table, *, name: str, day: int) -> None:
        """Write rows as one Excel book."""
        source, _, sheet = table.partition(".")
        write_excel(rows, self.path(day, source, name), sheet=sheet)
        self.rows[table] += len(rows)

    def content(self, table: str, content: bytes, *, name: str, day: int) -> None:
        """Write a file whose bytes are ready, one row a line."""
        self.path(day, table.partition(".")[0], name).write_bytes(content)
        self.rows[table] += content.count(b"\n")

    def repeat(self, original: Path, *, day: int, name: str) -> None:
        """Deliver the bytes of a file once more, under another name."""
        path = self.path(day, original.parent.name, name)
        path.write_bytes(original.read_bytes())
        self.note("repeat", path, detail=f"of {original.name}")

    def note(
        self, kind: str, path: Path, *, detail: str = "", record: str = ""
    ) -> None:
        """Note in the truth what is planted in a file."""
        self.planted.add(
            kind,
            path.parent.name,
            record=record,
            delivery=path.relative_to(self.landing).as_posix(),
            detail=detail,
        )


def _cents(amounts: pa.ChunkedArray) -> int:
    digits = pc.cast(pc.replace_substring(amounts, ".", ""), pa.int64())
    total: int = pc.sum(digits).as_py() or 0
    return total


def _money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
