"""What each currency is worth in yuan on working days, as the treasury notes it."""

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Flags, Integers, Reals
from warehouse.demo.columns import choose, day, join, number
from warehouse.demo.known import FIRST_DAY
from warehouse.demo.making import Making
from warehouse.demo.sale_rows import RATES

HISTORY_DAYS = 740
"""The first delivery goes back so far, to before the first sale."""
DRIFTS = {"HKD": 1.0, "USD": 1.0, "GBP": 1.04, "EUR": 0.97, "SGD": 1.0}
"""What each currency gains or loses against the yuan over those days, as a factor."""
DAILY_CHANGE = 0.002
CORRECTED_ON, CORRECTED_BY = 2, 1.01
"""On this day the rates of the day before are stated anew, so much higher."""
PARTS = 10**8


def write_treasury_files(making: Making, on_day: int) -> None:
    """Write the rates of a day; on the first day those of all days before it too."""
    first = -HISTORY_DAYS if on_day == 0 else on_day
    days = np.arange(first, on_day + 1)
    tables = [_rates(making, days[_is_working(days)])]
    if on_day == CORRECTED_ON:
        tables.append(_rates(making, days - 1, factor=CORRECTED_BY))
    if on_day == 0:
        making.effects.plant(
            "currency.drift",
            dict(DRIFTS),
            f"Factor by which its worth in yuan changes in {HISTORY_DAYS} days.",
        )
    making.desk.csv(
        "treasury.rates",
        tables,
        name=f"rates_{making.desk.date_of(on_day)}.csv",
        on_day=on_day,
    )


def _is_working(days: Integers) -> Flags:
    # The first day since 1970 was a Thursday.
    working: Flags = (FIRST_DAY + 3 + days) % 7 < 5
    return working


def _rates(making: Making, days: Integers, factor: float = 1.0) -> pa.Table:
    currency = np.repeat(np.arange(len(DRIFTS)), len(days))
    worth = np.concatenate([_worth(making, code, days) for code in DRIFTS])
    parts = np.round(worth * factor * PARTS).astype(np.int64)
    return pa.table(
        {
            "currency": choose(list(DRIFTS), currency),
            "rate_date": day(np.tile(FIRST_DAY + days, len(DRIFTS))),
            "yuan": join(number(parts // PARTS), ".", number(parts % PARTS, 8)),
        }
    )


def _worth(making: Making, code: str, days: Integers) -> Reals:
    """Return the worth of a currency: a trend, and around it a walk by chance."""
    stream = making.people.chance.stream("rates", code)
    walk = np.cumsum(stream.normal(0, DAILY_CHANGE, HISTORY_DAYS + making.days + 1))
    elapsed = HISTORY_DAYS + days
    trend = DRIFTS[code] ** (elapsed / HISTORY_DAYS - 1)
    bridge = walk - np.linspace(0, walk[-1], len(walk))
    worth: Reals = 100 / RATES[code] * trend * np.exp(bridge[elapsed])
    return worth
