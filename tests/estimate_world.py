"""An archive and a work database with nothing but what an estimate of error reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from receiving_world import World, table

from warehouse.database import session
from warehouse.ledger import prepare_archive
from warehouse.stewardship import estimate

INPUT = """
create schema input;
create table input.input_identity_decision (
    left_source_name varchar, left_record_id varchar,
    right_source_name varchar, right_record_id varchar,
    verdict varchar, decided_at timestamp,
    load_id bigint, load_row bigint, is_deleted boolean
)
"""
LOAD = """
insert into ledger.load by name
select
    $load as load_id, $load as batch_id, timestamp '2026-01-01' + $load * interval 1 day
        as known_at,
    'a' as source_name, 't' as table_name, 'f' as delivered_name, 'x' as sha256,
    0 as byte_count, date '2026-01-01' as business_date, 0 as rows_delivered,
    0 as rows_loaded, 0 as rows_quarantined, 0 as rows_repeated, 0 as rows_deleted,
    'loaded' as status, 'v' as contract_version, timestamp '2026-01-01' as started_at,
    timestamp '2026-01-01' as finished_at
"""
LINK = """
insert into identity.link_change by name
select
    $load as load_id, timestamp '2026-01-01' as known_at, $source as source_name,
    unnest($records) as source_record_id, unnest($customers) as customer_id,
    'similar' as match_rule, 1 as match_probability, 'delivery' as cause
"""
PAIRS = """
insert into identity.pair by name
select
    'person-1' as model_key, 'a' as left_source_name, 'a' || number as left_record_id,
    'h' as left_state_hash, 'b' as right_source_name, 'b' || number as right_record_id,
    'h' as right_state_hash, 1 as load_id, 0 as match_weight,
    $probability as match_probability, '' as levels
from range($first, $last + 1) as numbers (number)
"""


class Estimated:
    """An archive and a work database with nothing but what an estimate reads."""

    def __init__(self, folder: Path) -> None:
        """Make both, empty."""
        self.world = World(folder, table())
        self.settings = self.world.settings
        self.settings.places.prepare()
        with self.archive() as connection:
            prepare_archive(connection, self.world.company)
        with session(self.settings, write=self.settings.places.work) as connection:
            connection.execute(INPUT)

    @contextmanager
    def archive(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the archive to write."""
        with session(self.settings, write=self.settings.places.archive) as connection:
            yield connection

    def link(self, load: int, customers: dict[str, str]) -> None:
        """Enter a load that gives records, named by source and number, customers."""
        with self.archive() as connection:
            connection.execute(LOAD, {"load": load})
            for source in sorted({name[0] for name in customers}):
                theirs = {k: v for k, v in customers.items() if k[0] == source}
                connection.execute(
                    LINK,
                    {
                        "load": load,
                        "source": source,
                        "records": list(theirs),
                        "customers": list(theirs.values()),
                    },
                )

    def score(self, first: int, last: int, probability: float) -> None:
        """Keep a scored pair of the records of each number."""
        with self.archive() as connection:
            connection.execute(
                PAIRS, {"first": first, "last": last, "probability": probability}
            )

    def decide(self, load: int, first: int, last: int, verdict: str) -> None:
        """Decide the pair of the records of each number; the right one named first."""
        with session(self.settings, write=self.settings.places.work) as connection:
            connection.execute(
                "insert into input.input_identity_decision select "
                "'b', 'b' || number, 'a', 'a' || number, $verdict, "
                "timestamp '2026-01-01' + $load * interval 1 day, $load, number, false "
                "from range($first, $last + 1) as numbers (number)",
                {"load": load, "first": first, "last": last, "verdict": verdict},
            )

    def estimate(self, truth: Path | None = None) -> int:
        """Estimate what waits; return how many nights that was."""
        company = self.world.company.model_copy(
            update={"truth": str(truth) if truth else None}
        )
        return estimate(self.settings, company)

    def rows(self, columns: str) -> list[tuple[object, ...]]:
        """Return columns of the estimates, in order of night, sources and basis."""
        return self.world.rows(
            f"select {columns} from identity.estimate order by load_id, "  # noqa: S608 - names of the test
            "left_source_name, right_source_name, basis"
        )
