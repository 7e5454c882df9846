"""A company that has nothing but party rows, for tests of identity."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from oracle.identity import Link
from oracle.rows import PartyRow

from warehouse.company import Company
from warehouse.contracts import SourceContract
from warehouse.database import attach, session
from warehouse.identity import IdentityOutcome, identify
from warehouse.ledger import prepare_archive
from warehouse.settings import Settings

UNIQUE_SOURCE = "unique"
TEXTS = (
    *("source_name", "source_record_id", "party_kind", "left_out"),
    *("national_id_standard", "organisation_code_standard", "member_number"),
    *("email_standard", "name_standard"),
)
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in TEXTS),
        ("load_id", pa.int64()),
        ("load_row", pa.int64()),
        ("delivered_on", pa.date32()),
        ("birth_date", pa.date32()),
        ("known_at", pa.timestamp("us")),
        ("valid_from", pa.timestamp("us")),
        ("is_deleted", pa.bool_()),
    ]
)


def _source(name: str) -> SourceContract:
    return SourceContract(
        name=name,
        description="Test source.",
        kind="internal",
        channel="web",
        first_step="customer",
        contact_frequency="daily",
        purpose="test",
        collected_by="test",
        collected_how="test",
        is_unique=name == UNIQUE_SOURCE,
        tables=[],
    )


@dataclass
class IdentityWorld:
    """An archive and a work database that holds one input table."""

    settings: Settings
    company: Company

    def deliver(self, rows: Iterable[PartyRow]) -> None:
        """Make the work database anew, with these rows as its input."""
        self.settings.places.work.unlink(missing_ok=True)
        delivered = pa.Table.from_pylist([_as_input(row) for row in rows], SCHEMA)
        with session(
            self.settings, write=self.settings.places.work, alias="work"
        ) as connection:
            connection.register("delivered", delivered)
            connection.execute("create schema input")
            connection.execute(
                "create table input.input_party as select * from delivered"
            )

    def identify(self) -> IdentityOutcome:
        """Run what is tested."""
        return identify(self.settings, self.company)

    def log(self) -> list[Link]:
        """Return the log, in the order in which it was written."""
        rows = self.ask(
            """
            select
                load_id, source_name, source_record_id, customer_id,
                previous_customer_id, match_rule
            from archive.identity.link_change
            order by load_id, rowid
            """
        )
        return [
            Link(load, (source, record), linked, previous, rule)
            for load, source, record, linked, previous, rule in rows
        ]

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query on the archive."""
        with duckdb.connect() as connection:
            attach(connection, self.settings.places.archive, alias="archive")
            return connection.execute(query).fetchall()


def make_world(home: Path) -> IdentityWorld:
    """Lay out an archive without deliveries."""
    settings = Settings(company="tiny", home=home, threads=2)
    settings.places.prepare()
    company = Company(
        name="Tiny",
        time_zone="UTC",
        currency="EUR",
        country="CN",
        is_sample=True,
        inputs={"party": ["stg_tiny__parties"]},
        folder=home,
        sources=[_source(UNIQUE_SOURCE), _source("web"), _source("shop")],
    )
    with session(settings, write=settings.places.archive, alias="archive") as opened:
        prepare_archive(opened, company)
    return IdentityWorld(settings, company)


def _as_input(row: PartyRow) -> dict[str, object]:
    return {
        "source_name": row.source_name,
        "source_record_id": row.source_record_id,
        "party_kind": row.party_kind,
        "left_out": f",{','.join(row.left_out)}," if row.left_out else None,
        "national_id_standard": row.national_id,
        "organisation_code_standard": row.organisation_code,
        "member_number": row.member_number,
        "email_standard": row.email,
        "name_standard": row.full_name,
        "load_id": row.load_id,
        "load_row": row.load_row,
        "delivered_on": row.delivered_on,
        "birth_date": row.birth_date,
        "known_at": row.known_at,
        "valid_from": row.valid_from,
        "is_deleted": row.is_deleted,
    }
