"""The stage of a night that computes: reads the stars, writes the schema `scores`.

What is computed is decided elsewhere, one module a subject; here it is only called, and
its result laid into the tables that `tables` declares.
"""

from collections.abc import Callable

import duckdb
import pandas as pd

from warehouse.database import identifier, session, transaction
from warehouse.scoring.experiments import judge_experiments
from warehouse.scoring.tables import SCHEMA, TABLES
from warehouse.settings import Settings

Compute = Callable[[duckdb.DuckDBPyConnection], pd.DataFrame]

SCORES: dict[str, Compute | None] = dict.fromkeys(TABLES) | {
    "experiment_result": judge_experiments,
}
"""Per table, what computes it; none where it is only declared."""


def score(settings: Settings) -> dict[str, int]:
    """Compute every score anew, from the stars as they lie in the work database.

    Args:
        settings: Where the work database is; the caller holds the writer's lock.

    Returns:
        Rows per table.
    """
    with session(settings, write=settings.places.work, alias="work") as connection:
        computed = {
            name: compute(connection) if compute else pd.DataFrame()
            for name, compute in SCORES.items()
        }
        with transaction(connection):
            connection.execute(f"create schema if not exists {identifier(SCHEMA)}")
            for name, rows in computed.items():
                _replace(connection, name, rows)
    return {name: len(rows) for name, rows in computed.items()}


def _replace(
    connection: duckdb.DuckDBPyConnection, name: str, rows: pd.DataFrame
) -> None:
    table = f"{identifier(SCHEMA)}.{identifier(name)}"
    stated = TABLES[name]
    columns = ", ".join(f"{identifier(column)} {stated[column]}" for column in stated)
    connection.execute(f"create or replace table {table} ({columns})")
    if not rows.empty:
        connection.from_df(rows[list(stated)]).insert_into(f"{SCHEMA}.{name}")
