"""What is unusual of tonight's loads, beside the history of the same table.

Three things are judged of each raw table and business date, from the profiles kept
beside the ledger: how many rows came, which share of a column is blank, and how its
values are mixed. Each judgement has a published method, one rate of false alarms, and
a size below which a difference is of no interest, however sure:

- volume: the modified z-score of the logarithm of the rows, by median and median
  absolute deviation (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993),
  with quantiles of Student's t at 0.37 degrees of freedom a date, that being the
  efficiency of the deviation (Rousseeuw and Croux, JASA 88, 1993);
- blanks: the beta-binomial predictive tail, its dispersion by moments (Kleinman, JASA
  68, 1973), and Cohen's h (Statistical Power Analysis, 1988);
- mix: the population stability index with its usual bound of 0.25, and its quantile by
  chance (Yurdakul and Naranjo, Journal of Risk Model Validation 14, 2020), widened by
  the design effect of rows that come together (Rao and Scott, JASA 76, 1981).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from expectations import usual_queries as queries
from expectations.limits import LET_IN
from expectations.sql import filled, texts

FALSE_ALARMS = 0.0005
"""Chance that one judgement of what is as usual is an alarm: two sides of 3.5 sigma."""
LEAST_CHANGE = 1.25
"""A volume within this factor of the usual, or of the second most extreme, is usual."""
LEAST_DIFFERENCE = 0.2
"""Cohen's h of a difference that is called small."""
LEAST_INDEX = 0.25
"""Stability index above which a population counts as changed."""
MOST_SEEN = 2.0
"""A mix within this factor of the second strangest before it is usual: some columns,
such as the running campaign, change all the time."""
EFFICIENCY = 0.37
"""Of the median absolute deviation, beside the standard deviation."""
DISPERSION_QUANTILE = 0.1
"""The dispersion learned from few dates is taken at its upper bound of this level."""


@dataclass(frozen=True, kw_only=True)
class Usual:
    """The judgements: one row per table, date, and where it is of columns, column.

    Each frame has `name` (source and table), `business_date`, `is_beyond_chance`,
    `is_unusual` (beyond chance, and large enough to matter), and `said`, what was
    found, in counts alone; `blanks` and `mixes` have `column_name`. A volume that a
    person has let in is not unusual.
    """

    volumes: pd.DataFrame
    blanks: pd.DataFrame
    mixes: pd.DataFrame


def judge(archive: Path, load_ids: Sequence[int]) -> Usual:
    """Judge some loads beside what had arrived before them.

    A date with fewer than `usual_queries.FEWEST_DATES` before it is not judged.

    Args:
        archive: The archive's file; nobody in this process may have it open to write.
        load_ids: The loads of the night.
    """
    with duckdb.connect(str(archive), read_only=True) as connection:
        return judge_loads(connection, load_ids)


def judge_loads(
    connection: duckdb.DuckDBPyConnection, load_ids: Sequence[int]
) -> Usual:
    """Judge some loads of the archive that the session has in use; see `judge`."""
    volumes = _asked(connection, queries.VOLUMES, load_ids)
    if volumes.empty:
        return Usual(volumes=volumes, blanks=volumes, mixes=volumes)
    blanks = _asked(connection, queries.COUNTS + queries.BLANKS, load_ids)
    mixes = _asked(connection, queries.COUNTS + queries.MIXES, load_ids)
    return Usual(
        volumes=_judged_volumes(volumes),
        # A table may have a history of rows, and none of a column or a mix.
        blanks=blanks if blanks.empty else _judged_blanks(blanks),
        mixes=mixes if mixes.empty else _judged_mixes(mixes),
    )


def _asked(
    connection: duckdb.DuckDBPyConnection, query: str, load_ids: Sequence[int]
) -> pd.DataFrame:
    text = filled(
        queries.DATES + query,
        loads=[int(load_id) for load_id in load_ids],
        let_in=texts(LET_IN),
        history=queries.HISTORY_DATES,
        scanned=queries.SCANNED_DATES,
        weekdays=queries.HISTORY_DATES // 7,
        weekday_dates=queries.WEEKDAY_DATES,
        fewest=queries.FEWEST_DATES,
        fewest_rows=queries.FEWEST_ROWS,
    )
    found: pd.DataFrame = connection.execute(text).df()
    return found


def _judged_volumes(found: pd.DataFrame) -> pd.DataFrame:
    from scipy import stats

    expected = np.exp(found["centre"])
    # A steady feed still varies by chance as counts do.
    scale = np.maximum(found["scale"].astype(float), 1 / np.sqrt(expected))
    freedom = np.maximum(EFFICIENCY * (found["stray_count"] - 1), 1)
    bound = stats.t.ppf(1 - FALSE_ALARMS / 2, freedom) * scale
    least = np.log(LEAST_CHANGE)
    stray = found["stray"].astype(float)
    beyond = np.abs(stray) > bound
    low, high = stray < -least, stray > least
    # A weekend is as low as those before it, before weekdays are known apart.
    low &= stray < found["second_least"] - least
    high &= stray > found["second_most"] + least
    return found.assign(
        is_beyond_chance=beyond,
        is_unusual=beyond & (low | high) & ~found["is_let_in"],
        said=_on(found)
        + found["row_count"].map("{:,.0f} rows".format)
        + expected.map(", usually about {:,.0f}".format),
    )


def _on(found: pd.DataFrame) -> "pd.Series[str]":
    return found["business_date"].astype(str).str.slice(0, 10) + ": "


def _judged_blanks(found: pd.DataFrame) -> pd.DataFrame:
    from scipy import stats

    rows, blank_rows = found["rows"], found["blank_rows"]
    past = found["past_rows"].astype(float)
    usual = (found["past_blank_rows"] + 0.5) / (past + 1)
    dispersion = _dispersion(found)
    # What is not known of the usual share adds to what chance does.
    mean_square = found["past_square_rows"] / past
    unknown = (1 + np.maximum(mean_square - 1, 0) * dispersion) / past
    weight = 1 / np.clip(dispersion + unknown, 1e-9, 0.5) - 1
    spread = (rows, usual * weight, (1 - usual) * weight)
    tail = np.minimum(
        stats.betabinom.cdf(blank_rows, *spread),
        stats.betabinom.sf(blank_rows - 1, *spread),
    )
    share = blank_rows / rows
    difference = 2 * np.abs(np.arcsin(np.sqrt(share)) - np.arcsin(np.sqrt(usual)))
    beyond = 2 * tail < FALSE_ALARMS / _columns(found)
    return found.assign(
        is_beyond_chance=beyond,
        is_unusual=beyond & (difference >= LEAST_DIFFERENCE),
        said=found["column_name"]
        + " on "
        + _on(found)
        + (100 * share).map("{:.1f} % blank".format)
        + (100 * usual).map(", usually {:.1f} %".format),
    )


def _dispersion(found: pd.DataFrame) -> "pd.Series[float]":
    """Return how much more a share varies from date to date than by chance.

    As correlation within a date, by moments; nil where it varies no more.
    """
    from scipy import stats

    past, dates = found["past_rows"].astype(float), found["date_count"].astype(float)
    share = found["past_blank_rows"] / past
    variance = share * (1 - share)
    squares = found["past_squares"] - found["past_blank_rows"] ** 2 / past
    freedom = dates - 1
    ratio = (squares / variance.where(variance > 0)).fillna(0.0)
    ratio *= freedom / stats.chi2.ppf(DISPERSION_QUANTILE, freedom)
    room = past - dates - found["past_square_rows"] / past + 1
    return ((ratio - freedom) / room.where(room > 0)).fillna(0.0).clip(0.0, 0.5)


def _columns(found: pd.DataFrame) -> "pd.Series[float]":
    """Return how many columns of the table are judged beside each, itself included."""
    by_date = found.groupby(["name", "business_date"])["column_name"]
    return by_date.transform("count").astype(float)


def _judged_mixes(found: pd.DataFrame) -> pd.DataFrame:
    from scipy import stats

    freedom = np.maximum(found["category_count"] - 1, 1)
    quantile = stats.chi2.ppf(1 - FALSE_ALARMS / _columns(found), freedom)
    by_chance = quantile * (1 / found["rows"] + 1 / found["past_rows"])
    # Rows that come in baskets vary more than rows that come alone.
    by_chance *= np.maximum(found["design_effect"].astype(float).fillna(1.0), 1.0)
    index = found["stability_index"].astype(float)
    seen = found["second_strangest"].astype(float).fillna(np.inf)
    beyond = index > by_chance
    return found.assign(
        is_beyond_chance=beyond,
        is_unusual=beyond & (index >= LEAST_INDEX) & (index > MOST_SEEN * seen),
        said=found["column_name"]
        + " on "
        + _on(found)
        + index.map("stability index {:.2f}".format)
        + seen.map(", seen before {:.2f}".format),
    )
