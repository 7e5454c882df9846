"""A company that has nothing but party rows, for tests of identity."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from fake_matcher import FakeMatcher, FakeModel
from oracle.edges import World
from oracle.identity import Held, Link
from oracle.rows import DecisionRow, ModelRow, PartyRow

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
    *("email_standard", "name_key", "name_latin", "sex_code", "mobile_standard"),
    *("phone_standard", "address_key", "postcode_standard", "city", "tax_id"),
    *("website", "legal_representative"),
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
        ("has_mixed_scripts", pa.bool_()),
    ]
)
DECISIONS = pa.schema(
    [
        *((name, pa.int64()) for name in ("load_id", "load_row")),
        *((name, pa.timestamp("us")) for name in ("known_at", "decided_at")),
        *(
            (name, pa.string())
            for name in (
                *("left_source_name", "left_record_id"),
                *("right_source_name", "right_record_id", "verdict"),
            )
        ),
        ("is_deleted", pa.bool_()),
    ]
)
MODELS = pa.schema(
    [
        *((name, pa.int64()) for name in ("load_id", "load_row")),
        ("known_at", pa.timestamp("us")),
        *((name, pa.string()) for name in ("model_key", "party_kind", "content")),
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


MATCHER = FakeMatcher()


@dataclass
class IdentityWorld:
    """An archive and a work database that holds one input table."""

    settings: Settings
    company: Company

    def deliver(
        self,
        world: World,
    ) -> None:
        """Make the work database anew, with this as its input."""
        self.settings.places.work.unlink(missing_ok=True)
        delivered = pa.Table.from_pylist([_as_input(row) for row in world.rows], SCHEMA)
        decided = pa.Table.from_pylist(
            [_as_decision(row) for row in world.decisions], DECISIONS
        )
        trained = pa.Table.from_pylist([_as_model(row) for row in world.models], MODELS)
        with session(
            self.settings, write=self.settings.places.work, alias="work"
        ) as connection:
            connection.register("delivered", delivered)
            connection.execute("create schema input")
            connection.execute(
                "create table input.input_party as select * from delivered"
            )
            if decided:
                connection.register("decided", decided)
                connection.execute(
                    "create table input.input_identity_decision"
                    " as select * from decided"
                )
            if trained:
                connection.register("trained", trained)
                connection.execute(
                    "create table input.input_match_model as select * from trained"
                )

    def identify(self, matcher: FakeMatcher = MATCHER) -> IdentityOutcome:
        """Run what is tested."""
        return identify(self.settings, self.company, matcher)

    def log(self) -> list[Link]:
        """Return the log, in the order in which it was written."""
        rows = self.ask(
            """
            select
                load_id, source_name, source_record_id, customer_id,
                previous_customer_id, match_rule,
                cast(match_probability as double), cause
            from archive.identity.link_change
            order by load_id, rowid
            """
        )
        return [Link(row[0], (row[1], row[2]), *row[3:]) for row in rows]

    def held(self) -> list[Held]:
        """Return what was held back, and why, load by load."""
        rows = self.ask(
            """
            select
                load_id, left_source_name, left_record_id, right_source_name,
                right_record_id, match_rule, cast(match_probability as double),
                reason_code
            from archive.identity.held_link
            """
        )
        return sorted(
            (
                Held(row[0], (row[1], row[2]), (row[3], row[4]), *row[5:])
                for row in rows
            ),
            key=lambda held: (held.load_id, held.left, held.right, held.match_rule),
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
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
        "name_key": row.full_name,
        "address_key": row.address_line,
        "postcode_standard": row.postcode,
        "city": row.city,
        "has_mixed_scripts": row.has_mixed_scripts,
        "load_id": row.load_id,
        "load_row": row.load_row,
        "delivered_on": row.delivered_on,
        "birth_date": row.birth_date,
        "known_at": row.known_at,
        "valid_from": row.valid_from,
        "is_deleted": row.is_deleted,
    }


def _as_decision(row: DecisionRow) -> dict[str, object]:
    return {
        "load_id": row.load_id,
        "load_row": row.load_row,
        "known_at": row.known_at,
        "decided_at": row.decided_at,
        "left_source_name": row.left[0],
        "left_record_id": row.left[1],
        "right_source_name": row.right[0],
        "right_record_id": row.right[1],
        "verdict": row.verdict,
        "is_deleted": False,
    }


def _as_model(row: ModelRow) -> dict[str, object]:
    model = FakeModel(row.model_key, row.party_kind)
    return {
        "load_id": row.load_id,
        "load_row": 1,
        "known_at": row.known_at,
        "model_key": row.model_key,
        "party_kind": row.party_kind,
        "content": model.to_json(),
        "is_deleted": False,
    }
