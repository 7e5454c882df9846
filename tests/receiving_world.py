"""A company of one source and one table, its deliveries made by the test itself."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.clock import SteppingClock
from warehouse.company import Company
from warehouse.contract_files import read_steward_source
from warehouse.contracts import ColumnContract, SourceContract, TableContract
from warehouse.quarantine import Chosen, Refused, Word, refused
from warehouse.receiving import Load, receive_date, waiting
from warehouse.settings import Settings

MONDAY = date(2024, 1, 8)
PEOPLE = [
    {"name": "id"},
    {"name": "name"},
    {"name": "age", "data_type": "integer"},
    {"name": "born", "data_type": "date"},
    {"name": "spent", "data_type": "decimal(12, 2)"},
]
HEADER = b"id,name,age,born,spent\n"
GOOD = b"1,Ann,30,1990-01-01,1.50\n2,Bob,40,1980-02-29,2.50\n"


def columns(*stated: dict[str, Any]) -> list[ColumnContract]:
    """Make contracts of columns; what is not stated has its default."""
    return [ColumnContract(**{"description": "A column.", **each}) for each in stated]


def table(**stated: Any) -> TableContract:  # noqa: ANN401 - any field of a contract
    """Make the contract of the table `people`, csv and append unless stated."""
    described = stated.pop("columns", PEOPLE)
    contract = {
        "name": "people",
        "description": "One row per person.",
        "format": "csv",
        "place": "people*",
        "keys": [],
        "delivery": "append",
        "columns": columns(*described),
        **stated,
    }
    return TableContract(**contract)


def source(*tables: TableContract) -> SourceContract:
    """Make the contract of the source `crm`."""
    return SourceContract(
        name="crm",
        description="Customers.",
        kind="internal",
        channel="web",
        first_step="customer",
        contact_frequency="daily",
        purpose="service",
        collected_by="shop",
        collected_how="form",
        tables=list(tables),
    )


class World:
    """One company in a folder of its own."""

    def __init__(self, folder: Path, contract: TableContract, **settings: Any) -> None:  # noqa: ANN401 - any setting
        """Make the company.

        Args:
            folder: Where everything lies.
            contract: The contract of its one table.
            settings: Settings other than their defaults.
        """
        self.settings = Settings(company="tiny", home=folder / "home", **settings)
        self.clock = SteppingClock(datetime(2024, 2, 1))
        self.folder = folder
        self.sign(contract)

    def sign(self, contract: TableContract) -> None:
        """Put another contract in the place of the one before."""
        self.company = Company(
            name="Tiny",
            time_zone="Asia/Shanghai",
            currency="CNY",
            country="CN",
            is_sample=True,
            inputs={"party": ["stg_crm__people"]},
            folder=self.folder,
            sources=[source(contract), read_steward_source()],
        )

    def deliver(self, data: bytes, name: str = "people", on: date = MONDAY) -> Path:
        """Put a file where it waits."""
        path = self.settings.places.landing / on.isoformat() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def night(self, on: date = MONDAY) -> list[Load]:
        """Receive what waits for a date."""
        return receive_date(self.settings, self.company, on, clock=self.clock)

    def receive(self, data: bytes, name: str = "people", on: date = MONDAY) -> Load:
        """Deliver a file and receive it; assert that every row is accounted for."""
        self.deliver(data, name, on)
        [load] = self.night(on)
        assert load.rows_delivered == (
            load.rows_loaded + load.rows_quarantined + load.rows_repeated
        )
        return load

    def waits(self) -> list[str]:
        """Name what waits."""
        return [each.name for each in waiting(self.settings, self.company)]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Query the archive."""
        path = str(self.settings.places.archive)
        with duckdb.connect(path, read_only=True) as connection:
            return connection.execute(query).fetchall()

    def raw(self, names: str = "id, name, age, born, spent") -> list[tuple[Any, ...]]:
        """Return the raw rows in order of load and row."""
        return self.rows(f"select {names} from raw_crm.people order by _load_id, _row")  # noqa: S608 - names of the test

    def word(self, why: str = "") -> Word:
        """Return a steward's word."""
        return Word("Al", why, self.clock.now())

    def refused(self, **chosen: Any) -> list[Refused]:  # noqa: ANN401 - any of Chosen
        """Return what was refused, and what became of it."""
        return refused(self.settings, self.company, Chosen(**chosen))

    def states(self) -> dict[tuple[int, int], str]:
        """Return the state of each refused row and delivery, by load and row."""
        return {(row.load_id, row.row_number): row.state for row in self.refused()}

    def quarantine(self) -> list[tuple[Any, ...]]:
        """Return row, line, code, column and bytes of the quarantined rows."""
        return self.rows(
            "select row_number, line_number, reason_code, column_name, raw_bytes "
            "from quarantine.row order by load_id, row_number"
        )
