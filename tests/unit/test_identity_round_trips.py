"""What is taken back leaves no trace, and the order of arrival none in the clusters."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from identity_world import make_world
from oracle.edges import World
from oracle.histories import random_history, random_world
from oracle.rows import DecisionRow, PartyRow

Record = tuple[str, str]
LAST = 6
LATER = datetime(2026, 2, 1)

SEEDS = st.integers(min_value=0, max_value=2**32)


def picture(world: World) -> tuple[dict[Record, str], dict[object, str]]:
    """Return the customer of each record, and what is held back and why."""
    with TemporaryDirectory() as home:
        identified = make_world(Path(home))
        for load in (LAST, world.loads[-1]):
            identified.deliver(world.until(load))
            identified.identify()
        linked = {link.record: link.customer_id for link in identified.log()}
        last = {
            (held.left, held.right, held.match_rule): held.reason_code
            for held in identified.held()
        }
        return linked, {item: reason for item, reason in last.items() if reason}


def clusters(world: World) -> set[frozenset[Record]]:
    """Return who is together."""
    members: dict[str, set[Record]] = defaultdict(set)
    for record, customer in picture(world)[0].items():
        members[customer].add(record)
    return {frozenset(together) for together in members.values()}


@given(seed=SEEDS)
@settings(max_examples=6, deadline=None)
def test_a_must_that_is_withdrawn_leaves_no_trace(seed: int) -> None:
    """Links, ids and what is held back are those of before."""
    world = random_world(seed)
    records = sorted({row.record for row in world.rows})
    one, other = random.Random(seed).sample(records, 2)  # noqa: S311
    must = DecisionRow(LAST + 1, 1, one, other, "must", LATER)
    withdrawn = replace(
        must, load_id=LAST + 2, verdict="withdrawn", decided_at=LATER + timedelta(1)
    )
    before = {row for row in world.decisions if {row.left, row.right} != {one, other}}
    kept = World(world.rows, sorted(before, key=lambda row: row.load_row), world.models)
    again = World(kept.rows, [*kept.decisions, must, withdrawn], kept.models)
    assert picture(again) == picture(kept)


@given(seed=SEEDS)
@settings(max_examples=6, deadline=None)
def test_a_delivery_that_is_corrected_leaves_no_trace(seed: int) -> None:
    """A record takes on all that another states, and then its own again."""
    world = random_world(seed)
    whole = [row for row in world.rows if not (row.left_out or row.is_deleted)]
    one = whole[seed % len(whole)]
    latest = max(
        (row for row in whole if row.record == one.record),
        key=lambda row: (row.valid_from, *row.word_order),
    )
    other = whole[seed // 7 % len(whole)]
    moment = {"valid_from": LATER, "load_row": 999, "delivered_on": date(2026, 2, 1)}
    name = {
        "source_name": one.source_name,
        "source_record_id": one.source_record_id,
        "party_kind": one.party_kind,
    }
    wrong = replace(other, load_id=LAST + 1, **moment, **name)
    right = replace(latest, load_id=LAST + 2, **moment, **name)
    again = World([*world.rows, wrong, right], world.decisions, world.models)
    assert picture(again) == picture(world)


@given(seed=SEEDS)
@settings(max_examples=6, deadline=None)
def test_the_order_of_arrival_leaves_the_clusters_alone(seed: int) -> None:
    """But for two words on one moment on one day: there the later corrects."""
    rows = list(
        {
            (row.record, row.valid_from, row.delivered_on): row
            for row in random_history(seed)
        }.values()
    )
    records = sorted({row.record for row in rows})
    chance = random.Random(seed)  # noqa: S311
    decisions = [
        DecisionRow(
            1 + number,
            900 + number,
            *chance.sample(records, 2),
            chance.choice(["must", "never", "withdrawn"]),
            LATER + timedelta(number),
        )
        for number in range(3)
    ]
    order = list(range(1, LAST + 1))
    chance.shuffle(order)
    other_rows = [replace(row, load_id=order[row.load_id - 1]) for row in rows]
    other_decisions = [
        replace(row, load_id=order[row.load_id - 1]) for row in decisions
    ]
    assert clusters(World(_of_one_kind(other_rows), other_decisions)) == clusters(
        World(_of_one_kind(rows), decisions)
    )


def _of_one_kind(rows: list[PartyRow]) -> list[PartyRow]:
    return [replace(row, party_kind="person") for row in rows]
