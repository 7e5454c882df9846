"""What the made-up company tries out on its customers: who saw what, and who answered.

Three trials, each with a lesson: one works, one changes nothing, and of one the shop
lost visitors on the way, so that nothing can be said of it. Besides, two years of small
trials of the shelves that change nothing: chance alone calls some of them a success.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Integers
from warehouse.demo.columns import Column, choose, join, moment, number
from warehouse.demo.contacts import references
from warehouse.demo.known import DAY, FIRST_DAY
from warehouse.demo.making import Making
from warehouse.demo.presence import Presence, record_ids
from warehouse.demo.trade import campaign_codes

TAKING_PART = 20_000
"""Most customers who are asked to a trial, however many there are."""
LEFT_ALONE_PCT = 30
"""Of the customers, how many a trial leaves alone, so that some stay due for a word."""
SEEN_TWICE_PCT = 10
"""Of those with a web account and a card, how many take part under both."""
ANSWER_DAYS = 3
"""How long after the start the company waits for answers."""


@dataclass(frozen=True)
class Trial:
    """One experiment.

    Attributes:
        code: What the company calls it.
        variants: What is shown, the control first.
        planned_pct: Share of the customers planned for each variant.
        kept_pct: Of those planned, the share whose visit was recorded.
        answer_pct: Share who answer, per variant; none where nothing is sent.
        campaign: Ordinal of the campaign that is sent; none where nothing is.
        lasts: Days after the start on which outcomes count.
        asked_pct: Of the customers who are not left alone, the share who take part.
        days_ago: How many days before the first date it started.
    """

    code: str
    variants: tuple[str, ...]
    planned_pct: tuple[int, ...]
    kept_pct: tuple[int, ...]
    answer_pct: tuple[int, ...] = ()
    campaign: int | None = None
    lasts: int = ANSWER_DAYS
    asked_pct: int = 100
    days_ago: int = 0


TRIALS = (
    Trial(
        code="SUBJECT-LINE",
        variants=("plain", "personal"),
        planned_pct=(50, 50),
        kept_pct=(100, 100),
        answer_pct=(12, 24),
        campaign=3,
    ),
    Trial(
        code="VOUCHER",
        variants=("none", "five", "ten"),
        planned_pct=(40, 30, 30),
        kept_pct=(100, 100, 100),
    ),
    Trial(
        code="NEW-BASKET",
        variants=("old", "new"),
        planned_pct=(50, 50),
        kept_pct=(100, 60),
        lasts=30,
    ),
)
SHELF_EVERY, SHELVES = 28, 26
SHELF_TRIALS = tuple(
    Trial(
        code=f"SHELF-{number:02}",
        variants=("as_is", "mirrored", "by_colour"),
        planned_pct=(34, 33, 33),
        kept_pct=(100, 100, 100),
        lasts=SHELF_EVERY,
        asked_pct=8,
        days_ago=SHELF_EVERY * (SHELVES + 1 - number),
    )
    for number in range(1, SHELVES + 1)
)


def write_trial_files(making: Making, day: int) -> None:
    """Write what the trials' desk delivers on a day, and tell of the effects."""
    desk = making.desk
    date = desk.date_of(day)
    if day == 0:
        _tell(making)
        desk.csv(
            "trial.assignments",
            [assignments(making.presence, trial) for trial in TRIALS + SHELF_TRIALS],
            name=f"assignments_{date}.csv",
            on_day=day,
        )
    if day < ANSWER_DAYS:
        desk.csv(
            "trial.touches",
            [touches(making.presence, trial, on_day=day) for trial in TRIALS],
            name=f"touches_{date}.csv",
            on_day=day,
        )


def _tell(making: Making) -> None:
    works, nothing, broken = TRIALS
    making.effects.plant(
        "experiment.subject_line.response_lift_points",
        works.answer_pct[1] - works.answer_pct[0],
        f"In {works.code}, so many more of a hundred customers answer the variant "
        f"'{works.variants[1]}' than the control.",
    )
    making.effects.plant(
        "experiment.without_effect",
        [nothing.code],
        "Experiments whose variants change nothing.",
    )
    making.effects.plant(
        "experiment.with_broken_sample_ratio",
        [broken.code],
        "Experiments whose variants lost customers on the way, unequally.",
    )
    making.effects.plant(
        "experiment.shelves_without_effect",
        [trial.code for trial in SHELF_TRIALS],
        "Small experiments of the past whose variants change nothing.",
    )


@dataclass(frozen=True)
class Participants:
    """Who takes part in a trial, once per record under which the desk knows them.

    Attributes:
        index: Ordinals of the customers.
        source: Source of the record.
        record: Id of the record.
        variant: Ordinal of the variant shown: a coin for each record, as for strangers.
        start: When it was shown, in seconds.
    """

    index: Integers
    source: Column
    record: Column
    variant: Integers
    start: Integers


def participants(presence: Presence, trial: Trial) -> Participants:
    """Return who takes part: whoever was known on the first day, some twice."""
    chance = presence.people.chance
    index = np.arange(min(presence.people.size, TAKING_PART), dtype=np.int64)
    source, record, known = references(presence, index, 0)
    has_both = np.ones(len(index), bool)
    for name in ("web", "member"):
        has_both &= presence.first_day[name][index] == 0
    asked = ~chance.happens(index, f"{trial.code}:left_alone", LEFT_ALONE_PCT / 100)
    asked &= chance.happens(index, f"{trial.code}:asked", trial.asked_pct / 100)
    twice = chance.happens(index, f"{trial.code}:twice", SEEN_TWICE_PCT / 100)
    first = np.flatnonzero(known & asked)
    again = np.flatnonzero(has_both & twice & asked)
    everybody = np.concatenate([first, again])
    coins = [
        chance.weighted(part, f"{trial.code}:{purpose}", trial.planned_pct)
        for purpose, part in (("variant", first), ("second_variant", again))
    ]
    seconds = chance.below(everybody, f"{trial.code}:start", 4 * 3600)
    return Participants(
        index=everybody,
        source=_joined(source.take(first), pa.array(["web"] * len(again), pa.string())),
        record=_joined(record.take(first), record_ids("web", again)),
        variant=np.concatenate(coins),
        start=(FIRST_DAY - trial.days_ago) * DAY + seconds,
    )


def _joined(*parts: Column) -> Column:
    return pa.chunked_array(
        [chunk for part in parts for chunk in getattr(part, "chunks", [part])],
        pa.string(),
    )


def assignments(presence: Presence, trial: Trial) -> pa.Table:
    """Return rows of `trial.assignments`, without the visits that were lost."""
    taking = participants(presence, trial)
    luck = presence.people.chance.share(taking.index, f"{trial.code}:kept") * 100
    rows = np.flatnonzero(luck < np.array(trial.kept_pct)[taking.variant])
    shown = taking.variant[rows]
    return pa.table(
        {
            "assignment_id": join(f"{trial.code}-", taking.record.take(rows)),
            "trial": _all(trial.code, rows),
            "variant": choose(trial.variants, shown),
            "is_control": choose(["true", "false"], np.minimum(shown, 1)),
            "planned_pct": number(np.array(trial.planned_pct)[shown]),
            "subject_source": taking.source.take(rows),
            "subject_id": taking.record.take(rows),
            "campaign_code": _all(_campaign(trial), rows),
            "assigned_at": moment(taking.start[rows]),
            "ends_at": moment(np.full(len(rows), _end(trial))),
        }
    )


def touches(presence: Presence, trial: Trial, *, on_day: int) -> pa.Table:
    """Return rows of `trial.touches`: what was sent on day 0, and the day's answers."""
    chance, taking = presence.people.chance, participants(presence, trial)
    likely = np.array(trial.answer_pct or [0] * len(trial.variants))[taking.variant]
    answers = chance.share(taking.index, f"{trial.code}:answers") * 100 < likely
    late = chance.below(taking.index, f"{trial.code}:answer_day", ANSWER_DAYS)
    is_sent = on_day == 0 and trial.campaign is not None
    sent = np.arange(len(taking.index) if is_sent else 0)
    rows = np.concatenate([sent, np.flatnonzero(answers & (late == on_day))])
    is_answer = (np.arange(len(rows)) >= len(sent)).astype(np.int64)
    delay = 3_600 + chance.below(taking.index[rows], f"{trial.code}:delay", 28_000)
    letter = choose([f"{trial.code}-S-", f"{trial.code}-A-"], is_answer)
    return pa.table(
        {
            "touch_id": join(letter, taking.record.take(rows)),
            "recipient_source": taking.source.take(rows),
            "recipient_id": taking.record.take(rows),
            "campaign_code": _all(_campaign(trial), rows),
            "kind": choose(["sent", "clicked"], is_answer),
            "happened_at": moment(
                taking.start[rows] + is_answer * (on_day * DAY + delay)
            ),
        }
    )


def _end(trial: Trial) -> int:
    return (FIRST_DAY - trial.days_ago + trial.lasts) * DAY


def _campaign(trial: Trial) -> str:
    if trial.campaign is None:
        return ""
    code: str = campaign_codes(np.array([trial.campaign]))[0].as_py()
    return code


def _all(text: str, rows: Integers) -> Column:
    return pa.array([text] * len(rows), pa.string())
