"""The readers, one module per format; adding a format is one module and one line.

A reader gets the plain bytes of a delivery and leaves the rows that it accepts in the
temp table `delivered`; what they must hold is checked elsewhere, alike for all.
"""

from collections.abc import Callable
from pathlib import Path

import duckdb

from warehouse.contracts import TableContract
from warehouse.receiving.model import Read
from warehouse.receiving.readers import csv, excel, json_lines, parquet

Reader = Callable[[duckdb.DuckDBPyConnection, TableContract, Path, Path], Read]
"""Session, contract, plain file, folder for what must be rewritten."""

READERS: dict[str, Reader] = {
    "csv": csv.read,
    "json_lines": json_lines.read,
    "parquet": parquet.read,
    "excel": excel.read,
}
