"""A thinner business date: fewer rows of each delivery, as its contract still takes it.

Of each delta and each file that is appended, the first rows are kept, byte for byte; a
control total is written anew. Full snapshots stay whole, for what they leave out would
count as deleted; most of their rows are repeated ones. Databases and Excel stay too.
"""

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from warehouse.contracts import Delivery, SourceContract, TableContract

LEAST_ROWS = 1


def rows_of(file: Path, table: TableContract) -> int:
    """Count the rows of a delivered file, about: of a text file, its lines."""
    if table.format == "parquet":
        return int(pq.read_metadata(file).num_rows)
    lines = file.read_bytes().count(b"\n")
    return lines - (table.format == "csv") - (table.footer is not None)


def thinned(
    sources: list[SourceContract], date: Path
) -> list[tuple[Path, TableContract]]:
    """List the files of a date that may be thinned, with their contracts."""
    return [
        (file, table)
        for source in sources
        for table in source.tables
        if table.delivery is not Delivery.FULL
        and table.format in ("csv", "json_lines", "parquet")
        and table.compression == "none"
        for file in sorted(date.glob(table.place))
    ]


def thin(sources: list[SourceContract], date: Path, *, rows: int) -> int:
    """Keep about so many rows of a business date, of each file the same share.

    Args:
        sources: The contracts of the company.
        date: The folder of the date.
        rows: How many rows to keep.

    Returns:
        How many were kept; all when there were no more.
    """
    files = thinned(sources, date)
    delivered = sum(rows_of(file, table) for file, table in files)
    share = min(1.0, rows / max(1, delivered))
    for file, table in files:
        keep_first(file, table, max(LEAST_ROWS, round(rows_of(file, table) * share)))
    return sum(rows_of(file, table) for file, table in files)


def keep_first(file: Path, table: TableContract, rows: int) -> None:
    """Keep the first rows of a delivered file."""
    if table.format == "parquet":
        pq.write_table(pq.read_table(file).slice(0, rows), file)
        return
    lines = file.read_bytes().splitlines(keepends=True)
    if table.footer is not None:
        lines.pop()
    first = 1 if table.format == "csv" else 0
    until = min(len(lines), first + rows)
    quote = table.quote.encode() if table.format == "csv" else b""
    while quote and b"".join(lines[:until]).count(quote) % 2 and until < len(lines):
        until += 1
    left = lines[:until]
    file.write_bytes(b"".join([*left, *control_total(table, left)]))


def control_total(table: TableContract, lines: list[bytes]) -> list[bytes]:
    """Return the control total of a text file's lines, where its contract has one.

    The fields of such a file hold no delimiter.
    """
    footer = table.footer
    if footer is None:
        return []
    delimiter = table.delimiter.encode()
    header, *rows = (line.rstrip(b"\r\n").split(delimiter) for line in lines)
    fields = {0: footer.marker.encode()}
    if footer.row_count_field is not None:
        fields[footer.row_count_field] = str(len(rows)).encode()
    if footer.total_field is not None and footer.total_column is not None:
        name = table.column(footer.total_column).delivered_as
        place = header.index(name.encode())
        total = sum((Decimal(row[place].decode()) for row in rows), Decimal())
        fields[footer.total_field] = str(total).encode()
    written = (fields.get(place, b"") for place in range(max(fields) + 1))
    return [delimiter.join(written) + b"\n"]
