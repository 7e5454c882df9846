"""Under which record customers are known, and what they answer in surveys."""

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import (
    Column,
    choose,
    either,
    join,
    moment,
    number,
)
from warehouse.demo.goods import Goods
from warehouse.demo.known import DAY, FIRST_DAY
from warehouse.demo.presence import Presence, record_ids

NOTES = (
    "客户询问配送时间。已答复。",
    "Wants to know when the parcel comes.",
    "要求退货。包装完好。",
    "Asked for an invoice; sent by mail.",
    "Line was cut; call back.",
    "对服务很满意。",
)
REFERRING = ("member", "web", "crm", "list_alpha", "list_beta")


def references(
    presence: Presence, index: Integers, on_day: int
) -> tuple[Column, Column, Flags]:
    """Return under which record each customer is known on a day: source and id.

    Args:
        presence: What each source knows.
        index: The customers.
        on_day: The day of the demo.

    Returns:
        Names of the sources, ids of the records, and who is known at all.
    """
    source = pa.array([""] * len(index))
    record, known = source, np.zeros(len(index), bool)
    for name in REFERRING:
        first = presence.first_day[name][index]
        fits = (first >= 0) & (first <= on_day) & ~known
        source = either(fits, name, source)
        record = either(fits, record_ids(name, index), record)
        known = known | fits
    return source, record, known


def survey_answers(
    presence: Presence, goods: Goods, *, count: int, on_day: int
) -> pa.Table:
    """Return rows of `survey.answers`: three questions to each respondent."""
    stream = presence.people.chance.stream("survey", on_day)
    index = np.repeat(stream.integers(0, presence.people.size, count), 3)
    source, record, _ = references(presence, index, on_day)
    question = np.tile(np.arange(3), count)
    score = np.where(
        question == 0,
        stream.integers(0, 11, 3 * count),
        stream.integers(1, 6, 3 * count),
    )
    product = goods.codes(np.repeat(stream.integers(0, goods.size, count), 3))
    second = np.repeat(stream.integers(9 * 3600, 22 * 3600, count), 3)
    choices = choose(
        ["price", "quality", "staff", "place"], stream.integers(0, 4, 3 * count)
    )
    said = stream.random(3 * count) < 0.3
    words = choose(NOTES, stream.integers(0, len(NOTES), 3 * count))
    return pa.table(
        {
            "answer_id": _ids("S", on_day, 3 * count),
            "survey": pa.array(["AFTER-PURCHASE"] * (3 * count)),
            "question": choose(["nps", "csat", "reason"], question),
            "respondent_source": _or_null(source),
            "respondent_id": _or_null(record),
            "product_id": product,
            "answered_at": moment((FIRST_DAY + on_day) * DAY + second - 8 * 3600),
            "score": either(question < 2, number(score), "NULL"),
            "choice": either(question == 2, choices, "NULL"),
            "words": either((question == 2) & said, words, "NULL"),
        }
    )


def _or_null(text: Column) -> Column:
    empty = np.array(text.to_numpy(zero_copy_only=False) == "", dtype=bool)
    return either(empty, "NULL", text)


def _ids(letter: str, on_day: int, count: int, part: int = 0) -> Column:
    return join(f"{letter}{on_day:03d}{part:02d}", number(np.arange(count), 7))
