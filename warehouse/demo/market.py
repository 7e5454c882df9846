"""The market around the made-up company: its rivals' sales, and how the economy does.

A panel of customers tells what they buy elsewhere; who has lapsed tells most of it. A
statistics office publishes indices, and corrects the last of them.
"""

import numpy as np
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Integers
from warehouse.demo.columns import choose, day, join, money, number
from warehouse.demo.contacts import references
from warehouse.demo.goods import CATEGORIES
from warehouse.demo.known import FIRST_DAY
from warehouse.demo.making import Making
from warehouse.demo.presence import CHUNK

PANEL_SHARE = 0.1
TOLD_SHARE = 0.3
"""Of the panel, who tells of a purchase on a day."""
TOLD_BEFORE, TOLD_BEFORE_LAPSED = 4, 9
"""Purchases of the year before that a member tells at the start; if he has lapsed."""
YEAR = 360
RIVALS = ("Rivalmart", "Kaufhof Ost", "万家超市", "CheapCheap")
RIVAL_WEIGHTS = (40, 20, 25, 15)
STRONG_RIVAL_CATEGORY = "Phones"
STRONG_RIVAL_PCT = 40
"""Of what is bought elsewhere, how much is of the category that rivals sell best."""
REASONS = ("price", "quality", "choice", "closer", "service", "offer", "habit")
REASON_WEIGHTS = (40, 15, 15, 10, 8, 8, 4)

MONTHS = 24
CORRECTED_ON, CORRECTED_BY = 2, 1.5
"""On this day the values of the last month are stated anew, so much higher."""
INDICATORS = {
    "CPI": ("Consumer prices", 100.0, 0.15, 0.3),
    "RETAIL": ("Retail sales", 100.0, 0.6, 4.0),
    "CONFIDENCE": ("Consumer confidence", 90.0, -0.2, 1.0),
}
"""Per indicator its name, first value, change a month and swing of the season."""
WHOLE_COUNTRY = "全国"
REGIONS = tuple(
    dict.fromkeys(city.region for city in words.CITIES if city.country_code == "CN")
)


def write_market_files(making: Making, on_day: int) -> None:
    """Write what the panel and the statistics office deliver on a day."""
    desk, date = making.desk, making.desk.date_of(on_day)
    desk.csv(
        "panel.purchases",
        [
            competitor_purchases(making, start, on_day)
            for start in range(0, making.people.size, CHUNK)
        ],
        name=f"purchases_{date}.csv",
        on_day=on_day,
    )
    if on_day in (0, CORRECTED_ON):
        desk.csv(
            "statistics.indicators",
            [indicators(is_correction=on_day > 0)],
            name=f"indicators_{date}.csv",
            on_day=on_day,
        )
    making.effects.plant(
        "competition.strong_category",
        STRONG_RIVAL_CATEGORY,
        "The category of which customers buy most elsewhere.",
    )
    making.effects.plant(
        "competition.purchases_told_before",
        {"lapsed": TOLD_BEFORE_LAPSED, "others": TOLD_BEFORE},
        "Purchases elsewhere in the year before that a member of the panel tells of.",
    )


def competitor_purchases(making: Making, start: int, on_day: int) -> pa.Table:
    """Return rows of `panel.purchases` of a chunk of customers."""
    chance, presence = making.people.chance, making.presence
    stream = chance.stream("panel", on_day, start)
    index = np.arange(start, min(start + CHUNK, making.people.size), dtype=np.int64)
    source, record, known = references(presence, index, on_day)
    members = np.flatnonzero(chance.happens(index, "panel", PANEL_SHARE) & known)
    if on_day == 0:
        lapsed = making.habits.has_lapsed(index[members])
        times = np.where(lapsed, TOLD_BEFORE_LAPSED, TOLD_BEFORE)
    else:
        times = (stream.random(len(members)) < TOLD_SHARE).astype(np.int64)
    row = np.repeat(members, times)
    ago = stream.integers(0, YEAR, len(row)) * (on_day == 0)
    cents = (1_500 * np.exp(stream.normal(1.2, 0.9, len(row)))).astype(np.int64)
    return pa.table(
        {
            "purchase_id": join(
                f"C{on_day:03d}-{start}-", number(np.arange(len(row)), 7)
            ),
            "member_source": source.take(row),
            "member_id": record.take(row),
            "competitor": choose(RIVALS, _drawn(stream, RIVAL_WEIGHTS, len(row))),
            "category": choose([name for _, name in CATEGORIES], _goods(stream, row)),
            "bought_on": day(FIRST_DAY + on_day - ago),
            "amount": money(cents),
            "currency": pa.array(["CNY"] * len(row), pa.string()),
            "reason": choose(REASONS, _drawn(stream, REASON_WEIGHTS, len(row))),
            "opinion": number(stream.integers(1, 6, len(row))),
        }
    )


def _goods(stream: np.random.Generator, row: Integers) -> Integers:
    names = [name for _, name in CATEGORIES]
    is_strong = stream.random(len(row)) < STRONG_RIVAL_PCT / 100
    others = stream.integers(0, len(names), len(row))
    goods: Integers = np.where(is_strong, names.index(STRONG_RIVAL_CATEGORY), others)
    return goods


def _drawn(
    stream: np.random.Generator, weights: tuple[int, ...], count: int
) -> Integers:
    return stream.choice(len(weights), count, p=np.array(weights) / sum(weights))


def indicators(*, is_correction: bool) -> pa.Table:
    """Return rows of `statistics.indicators`: of all months, or of the last anew."""
    places, names = (WHOLE_COUNTRY, *REGIONS), list(INDICATORS)
    months = np.arange(MONTHS - 1 if is_correction else 0, MONTHS)
    shape = (len(names), len(places), len(months))
    which, place, month = (axis.ravel() for axis in np.indices(shape))
    month = months[month]
    first, drift, swing = (
        np.array([INDICATORS[name][column] for name in names])[which]
        for column in (1, 2, 3)
    )
    season = np.cos(2 * np.pi * ((month + 1) % 12) / 12)
    value = first + drift * month + swing * season + place / 2
    value += CORRECTED_BY * is_correction
    starts = np.arange(
        f"{2026 - MONTHS // 12}-01", "2026-01", dtype="datetime64[M]"
    ).astype("datetime64[D]")
    return pa.table(
        {
            "indicator": choose(names, which),
            "name": choose([INDICATORS[name][0] for name in names], which),
            "month": day(starts.astype(np.int64)[month]),
            "region": choose(places, place),
            "country": pa.array(["CN"] * len(which), pa.string()),
            "points": money(np.rint(value * 100).astype(np.int64)),
        }
    )
