"""A company whose raw tables are filled straight from histories, for the oracles."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from oracle.given import GivenLink
from oracle.rows import PartyRow, known_at

from pipelines.stages import Stage
from pipelines.staleness import stamp_work
from pipelines.transformation import Transformation
from warehouse.company import Company, read_company
from warehouse.database import identifier, session
from warehouse.ledger import prepare_archive
from warehouse.settings import Settings

COLUMNS = (
    *("national_id", "organisation_code", "member_number", "email", "full_name"),
    *("birth_date", "address_line", "postcode", "city"),
)
TYPES = {"birth_date": "date", "changed_at": "timestamp"}
RAW = ("record", "party_kind", "changed_at", *COLUMNS)
COMPANY = """
name: Histories
time_zone: UTC
currency: CNY
country: CN
is_sample: true
inputs:
  party: [{models}]
"""
SOURCE = """
version: 2
sources:
  - name: {source}
    description: A source of random histories.
    database: archive
    schema: raw_{source}
    config:
      meta:
        contract:
          kind: internal
          channel: web
          first_step: customer
          contact_frequency: {frequency}
          purpose: test
          collected_by: test
          collected_how: test
          is_unique: {is_unique}
    tables:
      - name: parties
        description: One row per state of a party.
        config:
          meta:
            contract:
              format: csv
              place: parties.csv
              keys: [record]
              delivery: delta
              clock: changed_at
        columns:
{columns}
"""
STAGING = """
with source as (
    select * from {{{{ source('{source}', 'parties') }}}}
),

renamed as (
    select
        {{{{ delivery_columns(
            '{source}', clock=typed('{source}', 'parties', 'changed_at')
        ) }}}},
        {{{{ left_out({left_out}) }}}} as left_out,
        {{{{ typed('{source}', 'parties', 'record') }}}} as source_record_id,
        {{{{ typed('{source}', 'parties', 'party_kind') }}}} as party_kind,
        {typed}
    from source
)

select * from renamed
"""


@dataclass
class HistoryWorld:
    """The company, its archive and its work database."""

    settings: Settings
    company: Company

    def deliver(self, rows: Iterable[PartyRow]) -> None:
        """Append the rows to raw, as receiving would have."""
        archive = self.settings.places.archive
        with session(self.settings, write=archive, alias="archive") as connection:
            prepare_archive(connection, self.company)
            delivered = pa.Table.from_pylist([_as_raw(row) for row in rows])
            connection.register("delivered", delivered)
            for source in self.company.sources:
                if not any(table.name == "parties" for table in source.tables):
                    continue
                schema = identifier(source.schema_name)
                connection.execute(
                    f"insert into {schema}.parties by name "
                    "from delivered select * exclude (source_name) "
                    "where source_name = $source",
                    {"source": source.name},
                )

    def link(self, links: Iterable[GivenLink]) -> None:
        """Append the links to the log of identity, as identification would have."""
        changes = [
            {
                "load_id": link.load_id,
                "known_at": known_at(link.load_id),
                "source_name": link.record[0],
                "source_record_id": link.record[1],
                "customer_id": link.customer_id,
                "previous_customer_id": link.previous_customer_id,
                "match_rule": "must",
                "match_probability": 1,
                "cause": "decision",
            }
            for link in links
        ]
        archive = self.settings.places.archive
        with session(self.settings, write=archive, alias="archive") as connection:
            connection.register("changes", pa.Table.from_pylist(changes))
            connection.execute("insert into identity.link_change by name from changes")

    def build(self, *models: str) -> None:
        """Build the input layer, then the models with what they need.

        What was built is kept, as after a night: the next build goes on from it.
        """
        transformation = Transformation(self.settings, self.company)
        list(transformation.build(Stage.INPUTS))
        wanted = [f"+{model}" for model in models]
        unwanted = ["path:models/input", "resource_type:seed"]
        assert transformation.run(
            ["--quiet", "run", "--select", *wanted, "--exclude", *unwanted]
        )
        stamp_work(self.settings)


def make_world(folder: Path, sources: dict[str, str], unique: str) -> HistoryWorld:
    """Write the company and lay out its places.

    Args:
        folder: Where.
        sources: Per source, how often the parties touch.
        unique: The one source that holds no customer twice.
    """
    home = folder / "companies" / "histories"
    home.mkdir(parents=True)
    models = ", ".join(f"stg_{source}__parties" for source in sources)
    (home / "company.yml").write_text(COMPANY.format(models=models), "utf-8")
    for source, frequency in sources.items():
        _write_source(home / "sources" / source, source, frequency, source == unique)
    settings = Settings(
        company="histories",
        companies=folder / "companies",
        home=folder / "home",
        threads=2,
    )
    settings.places.prepare()
    return HistoryWorld(settings, read_company(settings))


def _write_source(folder: Path, source: str, frequency: str, is_unique: bool) -> None:
    folder.mkdir(parents=True)
    types = {name: "varchar" for name in RAW} | TYPES
    described = "\n".join(
        f"- {{name: {name}, description: Test., data_type: {kind}}}"
        for name, kind in types.items()
    )
    contract = SOURCE.format(
        source=source,
        frequency=frequency,
        is_unique=str(is_unique).lower(),
        columns=textwrap.indent(described, " " * 10),
    )
    typed = ",\n        ".join(
        f"{{{{ typed('{source}', 'parties', '{name}') }}}} as {name}"
        for name in COLUMNS
    )
    staging = STAGING.format(
        source=source, typed=typed, left_out={name: name for name in COLUMNS}
    )
    (folder / f"_{source}__sources.yml").write_text(contract, "utf-8")
    (folder / f"stg_{source}__parties.sql").write_text(staging, "utf-8")


def _as_raw(row: PartyRow) -> dict[str, object]:
    values = {name: getattr(row, name) for name in COLUMNS}
    return {
        "source_name": row.source_name,
        "_load_id": row.load_id,
        "_row": row.load_row,
        "_delivered_on": row.delivered_on,
        "_known_at": row.known_at,
        "_is_deleted": row.is_deleted,
        "_record_hash": "",
        "record": row.source_record_id,
        "party_kind": row.party_kind,
        "changed_at": row.valid_from.isoformat(sep=" "),
        **{
            name: None if name in row.left_out else str(value or "")
            for name, value in values.items()
        },
    }
