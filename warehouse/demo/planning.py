"""The targets that the management of the made-up company sets, once, on the first day.

An account is to buy in a quarter what its habits make likely, and some more. For the
accounts of one category the aim is set far too high, so that it falls short.
"""

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Integers, Reals
from warehouse.demo.codes import CATEGORIES
from warehouse.demo.columns import Column, choose, join, money
from warehouse.demo.goods import Goods
from warehouse.demo.habits import BULK_LIMIT
from warehouse.demo.making import Making
from warehouse.demo.opening import BUYING_PCT, DAYS
from warehouse.demo.presence import record_ids

GROWTH = 1.1
"""Targets ask for so many times what habits make likely."""
STRETCHED_CATEGORY, STRETCH = "agent", 5.0
"""Accounts of this category are to buy so many times more than that."""
MARGIN_SHARE = 0.25
"""Of the company's sales, so much is to be margin."""
QUARTER_DAYS, MONTH_DAYS, YEAR_DAYS = 91, 30, 365
QUARTERS = ["2025-07-01", "2025-10-01", "2026-01-01"]
MONTHS = [f"2025-{month:02d}-01" for month in range(1, 13)] + ["2026-01-01"]
YEARS = ["2025-01-01", "2026-01-01"]
UNITS = 1.4
"""Units of a line that one person buys, about."""


def write_planning_files(making: Making, day: int) -> None:
    """Write all targets on the first day, and nothing later."""
    if day > 0:
        return
    known = making.presence.first_day["crm"]
    index = np.flatnonzero(known == 0).astype(np.int64)
    category = making.people.chance.below(index, "category", len(CATEGORIES))
    wanted = _likely_cents(making, index) * _stretch(category)
    making.effects.plant(
        "target.stretch",
        {STRETCHED_CATEGORY: STRETCH},
        "Times too high that targets of accounts of the category are set.",
    )
    making.desk.csv(
        "planning.targets",
        [
            _accounts(index, wanted),
            _categories(category, wanted),
            _company(making, "revenue", "month", MONTHS, MONTH_DAYS),
            _company(making, "margin", "month", MONTHS, MONTH_DAYS),
            _company(making, "revenue", "quarter", QUARTERS, QUARTER_DAYS),
            _company(making, "revenue", "year", YEARS, YEAR_DAYS),
            _company(making, "margin", "year", YEARS, YEAR_DAYS),
        ],
        name="targets.csv",
        on_day=day,
    )


def _stretch(category: Integers) -> Reals:
    stretched = category == CATEGORIES.index(STRETCHED_CATEGORY)
    factors: Reals = GROWTH * np.where(stretched, STRETCH, 1.0)
    return factors


def _likely_cents(making: Making, index: Integers) -> Reals:
    """Return what each account is likely to buy in a day."""
    bulk = 1 + making.people.chance.below(index, "bulk", BULK_LIMIT)
    lines = _lines_per_day(making) / (making.people.size * BUYING_PCT / 100)
    cents: Reals = lines * making.habits.rate(index) * bulk * _line_cents(making.goods)
    return cents


def _lines_per_day(making: Making) -> float:
    """Return how many lines were sold in a day before the first: half of all."""
    return making.sale_lines / DAYS


def _line_cents(goods: Goods) -> float:
    return UNITS * float(np.mean(goods.price_cents))


def _accounts(index: Integers, wanted: Reals) -> pa.Table:
    count = len(index)
    return _targets(
        scope="customer",
        code=join("T-", record_ids("crm", np.tile(index, len(QUARTERS)))),
        account=record_ids("crm", np.tile(index, len(QUARTERS))),
        category=choose([""], np.zeros(count * len(QUARTERS), np.int64)),
        metric="revenue",
        level="quarter",
        first_day=choose(QUARTERS, np.repeat(np.arange(len(QUARTERS)), count)),
        cents=np.tile(wanted * QUARTER_DAYS, len(QUARTERS)),
    )


def _categories(category: Integers, wanted: Reals) -> pa.Table:
    """Return a target for each category: what its accounts are to buy together."""
    count = len(CATEGORIES)
    cents = np.bincount(category, weights=wanted, minlength=count) * QUARTER_DAYS
    names = choose(CATEGORIES, np.tile(np.arange(count), len(QUARTERS)))
    return _targets(
        scope="category",
        code=join("C-", names),
        account=choose([""], np.zeros(len(names), np.int64)),
        category=names,
        metric="revenue",
        level="quarter",
        first_day=choose(QUARTERS, np.repeat(np.arange(len(QUARTERS)), count)),
        cents=np.tile(cents, len(QUARTERS)),
    )


def _company(
    making: Making, metric: str, level: str, periods: list[str], days: int
) -> pa.Table:
    cents = GROWTH * days * _lines_per_day(making) * _line_cents(making.goods)
    share = MARGIN_SHARE if metric == "margin" else 1.0
    none = choose([""], np.zeros(len(periods), np.int64))
    return _targets(
        scope="company",
        code=join("H-", metric, "-", level, none),
        account=none,
        category=none,
        metric=metric,
        level=level,
        first_day=choose(periods, np.arange(len(periods))),
        cents=np.full(len(periods), cents * share),
    )


def _targets(
    *,
    scope: str,
    code: Column,
    account: Column,
    category: Column,
    metric: str,
    level: str,
    first_day: Column,
    cents: Reals,
) -> pa.Table:
    """Return rows of `planning.targets`."""
    count = len(cents)
    same = np.zeros(count, np.int64)
    return pa.table(
        {
            "target_number": join(code, "-", first_day),
            "scope": choose([scope], same),
            "account_number": account,
            "category": category,
            "metric": choose([metric], same),
            "period": choose([level], same),
            "first_day": first_day,
            "amount": money(np.round(cents).astype(np.int64)),
        }
    )
