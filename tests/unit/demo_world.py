"""The demo company's deliveries, made once, and how tests read them."""

import hashlib
from pathlib import Path

import duckdb

from warehouse.contract_files import read_sources
from warehouse.contracts import TableContract
from warehouse.demo import DemoSummary, generate
from warehouse.settings import PROJECT_ROOT, Settings

CUSTOMERS, DAYS, SEED = 3_000, 7, 11
COMPANY = PROJECT_ROOT / "companies" / "demo"


def make(home: Path) -> DemoSummary:
    """Make the deliveries that the tests look at."""
    settings = Settings(home=home, company="demo")
    return generate(settings, customers=CUSTOMERS, days=DAYS, seed=SEED)


def read_truth(demo: DemoSummary) -> duckdb.DuckDBPyConnection:
    """Open the truth as tables `record` and `planted`."""
    connection = duckdb.connect()
    for table, file in (("record", "records"), ("planted", "planted")):
        relation = connection.read_parquet(str(demo.truth / f"{file}.parquet"))
        relation.create(table)
    return connection


def value(connection: duckdb.DuckDBPyConnection, query: str, *bound: str) -> float:
    """Return the one number that a query yields."""
    found = connection.execute(query, bound).fetchone()
    assert found is not None
    return float(found[0])


def digest(folder: Path) -> str:
    """Return a digest of all files below a folder, names included."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def lines_of(path: Path, contract: TableContract) -> list[list[str]]:
    """Return the fields of each line of a delivered CSV file, bad lines included."""
    text = path.read_bytes().decode(contract.encoding, "replace")
    return [line.split(contract.delimiter) for line in text.splitlines()]


def table_of(source: str, table: str) -> TableContract:
    """Return a contract of the demo company."""
    contract = next(each for each in read_sources(COMPANY) if each.name == source)
    return next(each for each in contract.tables if each.name == table)
