"""Histories of loads that are as usual, drawn by chance, and ways to break the last."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.ledger import ARCHIVE_TABLES

Counts = npt.NDArray[np.int64]

LOADS = """
insert into ledger.load by name
select
    load_id, 's' as source_name, table_name, 'file' as delivered_name, '' as sha256,
    0 as byte_count, business_date, rows_delivered, rows_delivered as rows_loaded,
    0 as rows_quarantined, 0 as rows_repeated, 0 as rows_deleted, 'loaded' as status,
    'v' as contract_version, timestamp '2026-01-01' as known_at, 1 as batch_id,
    timestamp '2026-01-01' as started_at, timestamp '2026-01-01' as finished_at
from loads
"""
LONG_HISTORY = (
    "delete from quarantine.row; delete from raw_till.sales; delete from ledger.load",
    """
    insert into ledger.load
    select
        load_id, 'till', 'sales', 'sales.csv', md5(load_id::varchar), 100, null,
        date '2026-01-01' + (load_id - 1)::integer, 100 + load_id % 3, 100, 0, 0, 0,
        'loaded', null, null, null, 'v1', timestamp '2026-01-05', load_id,
        timestamp '2026-01-05', timestamp '2026-01-05'
    from range(1, 32) as loads (load_id)
    """,
    """
    insert into ledger.load_profile
    select load_id, column_name, category, row_count + load_id % 2
    from range(1, 32) as loads (load_id)
    cross join (values
        ('amount', '', 5), ('amount', '_given', 95),
        ('currency', 'EUR', 60), ('currency', 'CNY', 40)
    ) as counts (column_name, category, row_count)
    """,
)
"""What makes of the tiny archive one of 31 dates, a load each."""

SPREAD, CORRELATION, KINDS = 0.1, 0.003, 5


@dataclass(frozen=True)
class History:
    """Tables by dates: rows, blank rows of column `c`, rows of column `m` by kind."""

    rows: Counts
    blank: Counts
    mix: Counts

    @property
    def load_ids(self) -> Counts:
        """Return the load of each table and date, date by date."""
        tables, dates = self.rows.shape
        return np.arange(1, tables * dates + 1).reshape(dates, tables).T

    def last(self, dates: int = 1) -> list[int]:
        """Return the loads of the last dates."""
        return [int(load) for load in np.sort(self.load_ids[:, -dates:].ravel())]

    def archive(self) -> duckdb.DuckDBPyConnection:
        """Return a session that has such an archive in use."""
        connection = duckdb.connect()
        connection.execute(ARCHIVE_TABLES)
        tables, dates = np.indices(self.rows.shape)
        start = np.datetime64("2026-01-05")
        loads = pd.DataFrame(
            {
                "load_id": self.load_ids.ravel(),
                "table_name": [f"t{table}" for table in tables.ravel()],
                "business_date": start + dates.ravel(),
                "rows_delivered": self.rows.ravel(),
            }
        )
        connection.register("loads", loads)
        connection.execute(LOADS)
        counts = [
            self._counts("c", "", self.blank),
            self._counts("c", "_given", self.rows - self.blank),
            *(
                self._counts("m", f"kind {kind}", self.mix[:, :, kind])
                for kind in range(KINDS)
            ),
        ]
        connection.register("counts", pd.concat(counts))
        connection.execute(
            "insert into ledger.load_profile select * from counts where row_count > 0"
        )
        return connection

    def _counts(self, column: str, category: str, rows: Counts) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "load_id": self.load_ids.ravel(),
                "column_name": column,
                "category": category,
                "row_count": rows.ravel(),
            }
        )


def as_usual(tables: int, dates: int, *, seed: int) -> History:
    """Draw histories in which nothing changes but by chance.

    Volumes vary by a tenth from date to date, blank shares by more than chance.
    """
    chance = np.random.default_rng(seed)
    usual = np.exp(chance.uniform(np.log(200), np.log(5000), (tables, 1)))
    shape = (tables, dates)
    rows = chance.poisson(usual * np.exp(chance.normal(0, SPREAD, shape)))
    share = chance.uniform(0.02, 0.15, (tables, 1)) * np.ones(shape)
    weight = 1 / CORRELATION - 1
    blank = chance.binomial(
        rows, chance.beta(share * weight, (1 - share) * weight, shape)
    )
    kinds = chance.dirichlet([5] * KINDS, tables)
    mix = chance.multinomial(rows, np.repeat(kinds[:, None, :], dates, axis=1))
    return History(rows, blank, mix)


def _with_last(counts: Counts, change: Callable[[Counts], Counts]) -> Counts:
    changed = counts.copy()
    changed[:, -1] = change(counts[:, -1])
    return changed


def half_the_volume(history: History) -> History:
    """Lose half of the rows of the last date."""
    return replace(
        history,
        rows=_with_last(history.rows, lambda rows: rows // 2),
        blank=_with_last(history.blank, lambda rows: rows // 2),
        mix=_with_last(history.mix, lambda rows: rows // 2),
    )


def five_times_the_blanks(history: History) -> History:
    """Make five times as many rows of the last date blank."""
    most = history.rows[:, -1]
    return replace(
        history,
        blank=_with_last(history.blank, lambda rows: np.minimum(5 * rows, most)),
    )


def another_mix(history: History) -> History:
    """Turn most rows of the last date into one kind."""

    def shift(rows: Counts) -> Counts:
        kept = rows // 4
        kept[:, 0] += rows.sum(axis=1) - kept.sum(axis=1)
        return kept

    return replace(history, mix=_with_last(history.mix, shift))
