"""A thinner business date is still what its contracts promise."""

import csv
import io
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse.company import read_company
from warehouse.contracts import SourceContract
from warehouse.settings import PROJECT_ROOT, Settings

sys.path.append(str(PROJECT_ROOT / "benchmarks"))
from thinning import rows_of, thin


@pytest.fixture
def date_of_sales(tmp_path: Path) -> Path:
    """A business date of the demo, with sales of the till and orders of the web."""
    [source] = sources("till")
    [contract] = source.tables
    header = [column.delivered_as for column in contract.columns]
    rows = [
        [f"R{number}" if name == "receipt_number" else "1.25" for name in header]
        for number in range(200)
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    date = tmp_path / "2026-01-02"
    (date / "till").mkdir(parents=True)
    (date / "web").mkdir()
    file = date / "till" / "sales_china.csv"
    file.write_text(text.getvalue() + "TOTAL,200,250.00\n", encoding="utf-8")
    orders = pa.table({"order_id": list(range(100))})
    pq.write_table(orders, date / "web" / "orders_2026-01-02.parquet")
    return date


def sources(*names: str) -> list[SourceContract]:
    """The contracts of some sources of the demo company."""
    found = read_company(Settings(company="demo")).sources
    return [source for source in found if source.name in names]


def test_a_date_is_thinned_in_every_file_alike(date_of_sales: Path) -> None:
    """A tenth of each, and the control total is that of what is left."""
    assert thin(sources("till", "web"), date_of_sales, rows=30) == 30
    lines = (date_of_sales / "till" / "sales_china.csv").read_text("utf-8").splitlines()
    assert len(lines) == 1 + 20 + 1
    assert lines[-1] == "TOTAL,20,25.00"
    orders = pq.read_table(date_of_sales / "web" / "orders_2026-01-02.parquet")
    assert orders.column("order_id").to_pylist() == list(range(10))


def test_a_date_that_is_thin_already_stays(date_of_sales: Path) -> None:
    """No row is made up."""
    before = (date_of_sales / "till" / "sales_china.csv").read_bytes()
    assert thin(sources("till", "web"), date_of_sales, rows=10_000) == 300
    assert (date_of_sales / "till" / "sales_china.csv").read_bytes() == before


def test_a_quoted_line_break_is_not_cut_through(tmp_path: Path) -> None:
    """The lines of one row stay together."""
    date = tmp_path / "2026-01-02"
    (date / "survey").mkdir(parents=True)
    [source] = sources("survey")
    table = source.tables[0]
    file = date / "survey" / "answers_2026-01-02.csv"
    file.write_text('a,b\n1,"x\ny"\n2,z\n3,z\n', encoding="utf-8")
    thin([source], date, rows=1)
    assert file.read_text("utf-8") == 'a,b\n1,"x\ny"\n'
    assert rows_of(file, table) == 2
