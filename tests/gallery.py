"""One house that receives many cases of bad input at once, each in a table of its own.

A case says what is delivered, under which contract, and how it must end. The page
`docs/bad-input.md` is printed from the same cases.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from receiving_world import MONDAY, source, table

from warehouse.clock import SteppingClock
from warehouse.company import Company
from warehouse.receiving import receive_date
from warehouse.receiving.typing import typed_sql
from warehouse.settings import Settings


@dataclass(frozen=True)
class Case:
    """One case of the catalogue.

    Args:
        group: Its part of the catalogue.
        outcome: `refuse`, `quarantine`, `mend` or `keep`.
        code: The reason code of a refusal or a quarantined row.
        contract: What the contract says besides its defaults.
        bad: The bytes of the row that goes to quarantine, the only one that does.
        at: Row and line of that row.
        data: What is delivered; a function where that is dear to make.
        column: The column at fault.
        rows: What raw holds afterwards.
        typed: What the column `x` is once typed, as text.
    """

    group: str
    name: str
    outcome: str
    code: str | None
    data: bytes | Callable[[], bytes]
    contract: Mapping[str, Any] = field(default_factory=dict)
    bad: bytes | None = None
    at: tuple[int, int | None] = (1, 2)
    column: str | None = None
    rows: list[tuple[Any, ...]] | None = None
    typed: str | None = None


class Gallery:
    """The cases, received by one company in one night."""

    def __init__(self, folder: Path, cases: list[Case]) -> None:
        """Name the places; nothing is received yet."""
        self.settings = Settings(company="gallery", home=folder)
        self.cases = cases
        self.tables = [
            table(**{**case.contract, "name": f"t{n:03}", "place": f"t{n:03}"})
            for n, case in enumerate(cases)
        ]

    def receive(self) -> None:
        """Deliver every case, and run the night."""
        company = Company(
            name="Gallery",
            time_zone="Asia/Shanghai",
            currency="CNY",
            country="CN",
            is_sample=True,
            inputs={"party": ["stg_crm__t000"]},
            folder=self.settings.home,
            sources=[source(*self.tables)],
        )
        self._landing.mkdir(parents=True)
        for case, contract in zip(self.cases, self.tables, strict=True):
            data = case.data if isinstance(case.data, bytes) else case.data()
            (self._landing / contract.name).write_bytes(data)
        clock = SteppingClock(datetime(2024, 2, 1))
        receive_date(self.settings, company, MONDAY, clock=clock)

    @property
    def _landing(self) -> Path:
        return self.settings.places.landing / MONDAY.isoformat()

    def delivered(self, name: str) -> bytes:
        """Return the bytes that were delivered to a case's table."""
        return (self._landing / name).read_bytes()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Query the archive."""
        return self._archive.execute(query, values).fetchall()

    @cached_property
    def _archive(self) -> duckdb.DuckDBPyConnection:
        path = str(self.settings.places.archive)
        connection = duckdb.connect(path, read_only=True)
        connection.execute("set timezone = 'UTC'")
        return connection

    def load(self, name: str) -> dict[str, Any]:
        """Return the row of the ledger of a case's table."""
        names = (
            *("status", "reason_code", "reason", "sha256", "rows_delivered"),
            *("rows_loaded", "rows_quarantined", "rows_repeated"),
        )
        query = f"select {', '.join(names)} from ledger.load where table_name = ?"  # noqa: S608
        [row] = self.rows(query, name)
        return dict(zip(names, row, strict=True))

    def raw(self, case: Case, name: str) -> list[tuple[Any, ...]]:
        """Return the rows that raw holds of a case, by the columns of its contract."""
        contract = self.tables[self.cases.index(case)]
        names = ", ".join(column.name for column in contract.columns)
        return self.rows(f"select {names} from raw_crm.{name} order by _row")  # noqa: S608

    def typed(self, case: Case, name: str) -> str | None:
        """Return the text of the typed value of the column `x`."""
        contract = self.tables[self.cases.index(case)]
        value = typed_sql("x", contract.column("x"))
        [(found,)] = self.rows(f"select cast({value} as varchar) from raw_crm.{name}")  # noqa: S608
        return found

    def quarantine(self, name: str) -> list[tuple[Any, ...]]:
        """Return row, line, code, column and bytes of a case's quarantined rows."""
        return self.rows(
            "select row_number, line_number, reason_code, column_name, raw_bytes "
            "from quarantine.row where table_name = ? order by row_number",
            name,
        )
