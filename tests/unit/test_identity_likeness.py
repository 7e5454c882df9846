"""Likeness, decisions and models: what they link, what holds them back."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from fake_matcher import FakeMatcher
from identity_world import UNIQUE_SOURCE, IdentityWorld, make_world
from oracle.edges import World
from oracle.rows import FIRST_LOAD_AT, DecisionRow, ModelRow, PartyRow

from warehouse.identity.near_dates import is_slip

BORN = date(1980, 1, 1)
ALIKE = {"full_name": "li lei", "birth_date": BORN, "address_line": "street 1"}
PERHAPS = {"full_name": "li lei", "birth_date": BORN}


@pytest.fixture
def world(tmp_path: Path) -> IdentityWorld:
    """Lay out an empty archive."""
    return make_world(tmp_path)


def stated(load_id: int, record: str, **values: object) -> PartyRow:
    """Return a row that one load states of a record."""
    row = PartyRow(
        load_id=load_id,
        load_row=load_id * 100 + len(record),
        source_name="web",
        source_record_id=record,
        delivered_on=BORN,
        valid_from=FIRST_LOAD_AT + timedelta(days=load_id),
    )
    return replace(row, **values)  # type: ignore[arg-type]


def decided(load_id: int, verdict: str, *records: str) -> DecisionRow:
    """Return a decision about two records of the web."""
    left, right = (("web", record) for record in records)
    at = FIRST_LOAD_AT + timedelta(days=load_id)
    return DecisionRow(load_id, load_id, left, right, verdict, at)


def linked(world: IdentityWorld, delivered: World) -> dict[str, str]:
    """Identify load by load, and return the customer of each record."""
    for load in delivered.loads:
        world.deliver(delivered.until(load))
        world.identify()
    return {link.record[1]: link.customer_id for link in world.log()}


def reasons(world: IdentityWorld) -> list[tuple[int, str, str | None]]:
    """Return what the log of held links says: load, rule and reason."""
    return [(held.load_id, held.match_rule, held.reason_code) for held in world.held()]


def test_who_is_alike_is_one_customer(world: IdentityWorld) -> None:
    """And the log says how probable that is."""
    customers = linked(world, World([stated(1, "a", **ALIKE), stated(2, "b", **ALIKE)]))
    assert customers["a"] == customers["b"]
    assert [(link.match_rule, link.match_probability) for link in world.log()] == [
        ("alone", 1.0),
        ("similar", 0.875),
    ]


def test_who_may_be_alike_waits_for_review_once(world: IdentityWorld) -> None:
    """A later state of the same says nothing new."""
    rows = [stated(1, "a", **PERHAPS), stated(2, "b", **PERHAPS)]
    customers = linked(world, World([*rows, stated(3, "b", **PERHAPS)]))
    assert customers["a"] != customers["b"]
    assert reasons(world) == [(2, "similar", "review_band")]


def test_one_source_is_believed_longer_that_two_are_two(world: IdentityWorld) -> None:
    """What links records of two sources may leave two of one source to a person."""
    others = {**ALIKE, "full_name": "han mei", "address_line": "street 2"}
    others["birth_date"] = BORN + timedelta(days=500)
    rows = [stated(1, "a", **ALIKE), stated(1, "bb", **ALIKE)]
    rows += [stated(1, "ccc", **others)]
    rows += [stated(1, "dddd", **{**others, "source_name": "shop"})]
    world.deliver(World(rows))
    world.identify(FakeMatcher(within_from=1))
    assert reasons(world) == [(1, "similar", "review_band")]
    customers = {link.record[1]: link.customer_id for link in world.log()}
    assert customers["a"] != customers["bb"]
    assert customers["ccc"] == customers["dddd"]


def test_look_alike_letters_never_link_alone(world: IdentityWorld) -> None:
    """An exact key does."""
    mixed = ALIKE | {"has_mixed_scripts": True}
    rows = [stated(1, "a", **ALIKE), stated(2, "b", **mixed)]
    assert len(set(linked(world, World(rows)).values())) == 2
    assert reasons(world) == [(2, "similar", "look_alike")]
    rows = [*rows, stated(3, "a", member_number="7"), stated(4, "b", member_number="7")]
    assert len(set(linked(world, World(rows)).values())) == 1
    assert reasons(world)[1:] == [(4, "similar", None)]


def test_a_must_links_from_its_load_until_it_is_withdrawn(world: IdentityWorld) -> None:
    """Also two records of a source without doubles; the ids of before come back."""
    unique = {"source_name": UNIQUE_SOURCE}
    rows = [stated(1, "a", **unique), stated(1, "bb", **unique)]
    left, right = ((UNIQUE_SOURCE, record) for record in ("a", "bb"))
    must = replace(decided(2, "must", "a", "bb"), left=left, right=right)
    gone = replace(decided(3, "withdrawn", "a", "bb"), left=right, right=left)
    customers = linked(world, World(rows, [must, gone]))
    assert customers["a"] != customers["bb"]
    log = [(link.load_id, link.match_rule, link.cause) for link in world.log()]
    assert log[2:] == [(2, "must", "decision"), (3, "alone", "decision")]


def test_a_never_keeps_apart_whatever_links(world: IdentityWorld) -> None:
    """Also through a third record."""
    rows = [stated(1, record, member_number="7") for record in ("a", "bb", "ccc")]
    customers = linked(world, World(rows, [decided(2, "never", "a", "bb")]))
    assert customers["a"] != customers["bb"]
    assert customers["ccc"] == customers["a"]
    assert {reason for _, _, reason in reasons(world)} == {"never"}


def test_a_must_does_not_merge_a_person_and_an_organisation(
    world: IdentityWorld,
) -> None:
    """It is held, with the reason."""
    rows = [stated(1, "a"), stated(1, "bb", party_kind="organisation")]
    customers = linked(world, World(rows, [decided(2, "must", "a", "bb")]))
    assert customers["a"] != customers["bb"]
    assert reasons(world) == [(2, "must", "party_kind")]


def test_another_model_is_an_event_of_its_load(world: IdentityWorld) -> None:
    """What it links is caused by it; what is new that day, by its delivery."""
    rows = [stated(1, "a", **PERHAPS), stated(1, "bb", **PERHAPS)]
    address = {"address_line": "street 1", "birth_date": BORN}
    rows += [stated(1, "ccc", **address), stated(1, "dddd", **address)]
    delivered = World(rows, [], [ModelRow(2, "second")])
    customers = linked(world, delivered)
    assert customers["a"] != customers["bb"]
    assert customers["ccc"] == customers["dddd"]
    assert [(link.load_id, link.cause) for link in world.log()][4:] == [(2, "model")]
    used = "select load_id, model_key from archive.identity.model_in_use"
    kept = world.ask(f"{used} where party_kind = 'person' order by load_id")
    assert kept == [(1, "first"), (2, "second")]


def test_likeness_makes_no_customer_of_too_many(world: IdentityWorld) -> None:
    """The links of the component are held; keys hold on."""
    crowd = [stated(1, "r" * number, **ALIKE) for number in range(1, 31)]
    assert len(set(linked(world, World(crowd)).values())) == 1
    more = [*crowd, stated(2, "r" * 31, **ALIKE, member_number="7")]
    more += [stated(3, "r" * 30, **ALIKE, member_number="7")]
    assert len(set(linked(world, World(more)).values())) == 30
    assert {reason for _, _, reason in reasons(world)} == {"too_large", None}


def test_a_weak_bridge_holds_no_two_groups_together(world: IdentityWorld) -> None:
    """A likeness of 0.75 between two pairs, each with a key of its own."""
    rows = [
        stated(1, "a", member_number="7"),
        stated(1, "bb", member_number="7", birth_date=BORN, full_name="wei"),
        stated(1, "ccc", member_number="8", birth_date=BORN, full_name="wei"),
        stated(1, "dddd", member_number="8"),
    ]
    rows[1:3] = [replace(row, postcode="100080") for row in rows[1:3]]
    assert len(set(linked(world, World(rows)).values())) == 2
    assert reasons(world) == [(1, "similar", "weak_bridge")]


def test_values_that_many_share_say_nothing_and_are_listed(
    world: IdentityWorld,
) -> None:
    """From the load at which they came to be so; the list holds no value."""
    shared = {"email": "info@x.com", "birth_date": BORN, "postcode": "100080"}
    pair = [stated(1, record, **shared) for record in ("a", "bb")]
    crowd = [stated(2, f"r{number:02}", email="info@x.com") for number in range(19)]
    customers = linked(world, World([*pair, *crowd]))
    assert customers["a"] != customers["bb"]
    listed = world.ask(
        "select load_id, attribute, holder_count, value_hash"
        " from archive.identity.shared_value"
    )
    assert [row[:3] for row in listed] == [(2, "email_standard", 21)]
    assert "info" not in listed[0][3]


def test_pairs_are_scored_once(world: IdentityWorld) -> None:
    """A night adds the pairs of what is new; those known before stay as they are."""
    rows = [
        stated(1, "a", **ALIKE),
        stated(1, "bb", **ALIKE),
        stated(2, "ccc", **ALIKE),
    ]
    linked(world, World(rows))
    pairs = world.ask("select load_id from archive.identity.pair order by load_id")
    assert pairs == [(1,), (2,), (2,)]


def test_a_slip_in_a_birth_date_does_not_part_who_is_alike(
    world: IdentityWorld,
) -> None:
    """Neither a digit nor day and month exchanged; another date does."""
    named = {"full_name": "li lei", "email": "l@x.com", "address_line": "street 1"}
    rows = [
        stated(1, "a", **named, birth_date=date(1980, 3, 11)),
        stated(2, "bb", **named, birth_date=date(1980, 3, 12)),
        stated(3, "ccc", **named, birth_date=date(1980, 11, 3)),
        stated(4, "dddd", **named, birth_date=date(1974, 6, 29)),
    ]
    customers = linked(world, World(rows))
    assert customers["a"] == customers["bb"] == customers["ccc"]
    assert customers["dddd"] != customers["a"]
    assert (4, "similar", "birth_date") in reasons(world)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (date(1960, 1, 13), date(1960, 2, 13), True),
        (date(1960, 1, 13), date(1906, 1, 13), True),
        (date(1960, 3, 11), date(1960, 11, 3), True),
        (date(1960, 1, 13), date(1960, 1, 13), True),
        (date(1960, 1, 13), date(1960, 2, 14), False),
        (date(1960, 1, 13), date(1961, 3, 13), False),
        (date(1960, 1, 31), date(1960, 2, 1), False),
    ],
)
def test_a_slip_is_one_digit_or_an_exchange(
    one: date, other: date, *, expected: bool
) -> None:
    """Two digits that do not touch, or the next day of another month, are none."""
    days = [(each - date(1970, 1, 1)).days for each in (one, other)]
    assert is_slip(*days) is expected
    assert is_slip(*reversed(days)) is expected
