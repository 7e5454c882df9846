"""The demo's files hold its rows and nothing else."""

import pyarrow as pa

from warehouse.demo.writing import csv_bytes


def test_an_empty_chunk_writes_nothing() -> None:
    """Of such a chunk pyarrow would write what its memory held before."""
    rows = pa.table({"event_id": ["a", "b"]})
    none = rows.slice(0, 0)
    assert csv_bytes(pa.concat_tables([none, rows]), header=False) == b"a\nb\n"
    assert csv_bytes(none, header=True) == b"event_id\n"
