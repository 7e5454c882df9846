"""What the customers of the made-up company think of it: answers to its survey.

Each respondent has a mood, which all answers share; a region that the company serves
badly and a kind of goods that disappoints pull theirs down.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Flags, Integers, Reals
from warehouse.demo.columns import Column, choose, either, join, moment, number
from warehouse.demo.contacts import NOTES, references
from warehouse.demo.goods import CATEGORIES
from warehouse.demo.known import DAY, FIRST_DAY
from warehouse.demo.making import Making
from warehouse.demo.trade import chunks

ASKED_SHARE = 0.05
"""Of all customers, who answers on a day."""
UNHAPPY_REGION = "上海市"
UNHAPPY_DROP = 1.8
"""How far the mood there is below that elsewhere, whose spread is 1."""
DISLIKED_CATEGORY = "Shoes"
DISLIKED_DROP = 1.8
"""How many points of five such goods lose, where their quality is asked for."""
QUESTIONS = ("nps", "csat", "quality", "value", "again", "reason")
SCORED = len(QUESTIONS) - 1
MIDDLES = np.array([8.2, 3.9, 3.8, 3.5, 3.6])
SLOPES = np.array([1.8, 0.9, 0.5, 0.6, 0.8])
"""Score of a question in an even mood, and by how much the mood moves it."""
LOWEST, HIGHEST = np.array([0, 1, 1, 1, 1]), np.array([10, 5, 5, 5, 5])
OF_GOODS = np.array([0, 0, 1, 1, 1])
"""How much the goods themselves count in the answer."""
REASONS = ("price", "quality", "staff", "place")


def survey_answers(making: Making, on_day: int) -> Iterator[pa.Table]:
    """Yield the rows of `survey.answers` of a day: six questions to each respondent."""
    effects = making.effects
    effects.plant(
        "satisfaction.unhappy_region",
        UNHAPPY_REGION,
        "The region whose customers are less satisfied, with everything.",
    )
    effects.plant(
        "satisfaction.disliked_category",
        DISLIKED_CATEGORY,
        "The category of goods whose quality disappoints.",
    )
    for part, count in chunks(making.per_day(ASKED_SHARE)):
        yield _answers(making, count, on_day, part)


def _answers(making: Making, count: int, on_day: int, part: int) -> pa.Table:
    people = making.people
    stream = people.chance.stream("survey", on_day, part)
    asked = stream.integers(0, people.size, count)
    product = stream.integers(0, making.goods.size, count)
    mood = stream.normal(0, 1, count) - UNHAPPY_DROP * _is_unhappy(making, asked)
    scores = _scores(stream, mood, _is_disliked(making, product))
    each = np.repeat(np.arange(count), len(QUESTIONS))
    question = np.tile(np.arange(len(QUESTIONS)), count)
    is_scored = question < SCORED
    score = scores[each, np.minimum(question, SCORED - 1)]
    source, record, _ = references(making.presence, asked, on_day)
    second = stream.integers(9 * 3600, 22 * 3600, count)
    said = ~is_scored & (stream.random(len(each)) < 0.3)
    reasons = choose(REASONS, stream.integers(0, len(REASONS), len(each)))
    notes = choose(NOTES, stream.integers(0, len(NOTES), len(each)))
    return pa.table(
        {
            "answer_id": join(f"S{on_day:03d}{part:02d}", _running(len(each))),
            "survey": pa.array(["AFTER-PURCHASE"] * len(each), pa.string()),
            "question": choose(QUESTIONS, question),
            "respondent_source": _or_null(source).take(each),
            "respondent_id": _or_null(record).take(each),
            "product_id": making.goods.codes(product).take(each),
            "answered_at": moment((FIRST_DAY + on_day) * DAY + second[each] - 8 * 3600),
            "score": either(is_scored, number(score), "NULL"),
            "choice": either(is_scored, "NULL", reasons),
            "words": either(said, notes, "NULL"),
        }
    )


def _scores(stream: np.random.Generator, mood: Reals, is_disliked: Flags) -> Integers:
    """Return the answer of each respondent to each question that is scored."""
    noise = stream.normal(0, 0.6, (len(mood), SCORED))
    felt = MIDDLES + SLOPES * mood[:, None] + noise
    felt -= DISLIKED_DROP * OF_GOODS * is_disliked[:, None]
    scores: Integers = np.clip(np.rint(felt), LOWEST, HIGHEST).astype(np.int64)
    return scores


def _is_unhappy(making: Making, index: Integers) -> Flags:
    regions = np.array([city.region == UNHAPPY_REGION for city in words.CITIES])
    flags: Flags = regions[making.people.home(index)]
    return flags


def _is_disliked(making: Making, product: Integers) -> Flags:
    disliked = np.array([name == DISLIKED_CATEGORY for _, name in CATEGORIES])
    flags: Flags = disliked[making.goods.category[product]]
    return flags


def _running(count: int) -> Column:
    return number(np.arange(count), 7)


def _or_null(text: Column) -> Column:
    empty = np.array(text.to_numpy(zero_copy_only=False) == "", dtype=bool)
    return either(empty, "NULL", text)
