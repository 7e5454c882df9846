"""How right the links are: precision and recall per pair of sources, night by night.

Where a truth is known (`truth:` in company.yml) all of its pairs count; from decisions
of stewards it is estimated as from a stratified sample. Each night is estimated as of
its own last load, so that nights one by one and one run over many say the same.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from warehouse.company import Company
from warehouse.database import attach, session, transaction
from warehouse.errors import ContractError
from warehouse.settings import Settings
from warehouse.stewardship import decided_statements
from warehouse.stewardship import estimate_statements as statements
from warehouse.stewardship.intervals import Numbers, clopper_pearson

TRUTH_COLUMNS = ("source_name", "source_record_id", "party_id")
DIGITS = 6


def estimate(settings: Settings, company: Company) -> int:
    """Estimate the nights that were identified and not estimated yet.

    Appends to `identity.estimate` of the archive. A night whose log of links was made
    anew is estimated anew.

    Args:
        settings: Where both databases are; the caller holds the writer's lock.
        company: Whose truth to hold the links against, if one is known.

    Returns:
        How many nights were estimated.

    Raises:
        ContractError: The file of the truth is not as it must be.
    """
    places = settings.places
    with session(settings, write=places.archive, alias="archive") as connection:
        attach(connection, places.work, alias="work")
        has_truth = _read_truth(connection, company.truth_file(settings))
        has_decisions = _has_decisions(connection)
        if not (has_truth or has_decisions):
            return 0
        with transaction(connection):
            nights = _waiting(connection)
            for night in nights:
                _estimate_night(
                    *(connection, *night),
                    has_truth=has_truth,
                    has_decisions=has_decisions,
                )
    return len(nights)


def _read_truth(connection: duckdb.DuckDBPyConnection, file: Path | None) -> bool:
    if file is None or not file.is_file():
        return False
    try:
        connection.execute(
            "create temp table truth as select distinct source_name, "
            "source_record_id, party_id from read_parquet($file)",
            {"file": str(file)},
        )
    except duckdb.Error as error:
        raise ContractError(
            "the truth of who is who cannot be read",
            where=str(file),
            mend=f"Let it be a parquet file with columns {', '.join(TRUTH_COLUMNS)}, "
            "or take `truth` out of company.yml.",
        ) from error
    return True


def _has_decisions(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "select count(*) from work.input.input_identity_decision"
    ).fetchone()
    return bool(found and found[0])


def _waiting(
    connection: duckdb.DuckDBPyConnection,
) -> list[tuple[int, datetime, int]]:
    """Return the nights to estimate: last load, when known, length of the log.

    The log of links does not shrink, so the nights that wait are the last ones; those
    estimated from another log are forgotten.
    """
    nights = connection.execute(statements.NIGHTS).fetchall()
    stale = [night[0] for night in nights if night[4]]
    connection.execute(statements.FORGET, [stale])
    last = max((night[0] for night in nights if night[3] and not night[4]), default=0)
    return [night[:3] for night in nights if night[0] > last or night[0] in stale]


def _estimate_night(
    connection: duckdb.DuckDBPyConnection,
    load_id: int,
    known_at: datetime,
    change_count: int,
    *,
    has_truth: bool,
    has_decisions: bool,
) -> None:
    load = {"load": load_id}
    connection.execute(statements.LINKED, load)
    counted = pd.concat(
        [
            *([_count_true(connection)] if has_truth else []),
            *([_count_decided(connection, load)] if has_decisions else []),
        ]
    )
    stamp: dict[str, Any] = {
        "load_id": load_id,
        "known_at": known_at,
        "change_count": change_count,
    }
    connection.register("estimated", _with_bounds(counted).assign(**stamp))
    connection.execute(statements.APPEND)


def _count_true(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return connection.execute(statements.TRUE_COUNTS).df()


def _count_decided(
    connection: duckdb.DuckDBPyConnection, load: dict[str, int]
) -> pd.DataFrame:
    connection.execute(decided_statements.DECIDED, load)
    connection.execute(decided_statements.FOUND)
    connection.execute(decided_statements.STRATA, load)
    return connection.execute(decided_statements.DECIDED_COUNTS).df()


def _with_bounds(counted: pd.DataFrame) -> pd.DataFrame:
    bounds = {}
    for name in ("precision", "recall"):
        share = _floats(counted[f"{name}_estimate"])
        lower, upper = clopper_pearson(share, _floats(counted[f"{name}_trials"]))
        bounds[f"{name}_estimate"] = np.round(share, DIGITS)
        bounds[f"{name}_lower"] = np.round(lower, DIGITS)
        bounds[f"{name}_upper"] = np.round(upper, DIGITS)
    return counted.drop(columns=["precision_trials", "recall_trials"]).assign(**bounds)


def _floats(column: "pd.Series[Any]") -> Numbers:
    return pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)
