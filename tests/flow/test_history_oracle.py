"""Customers in both times against the oracle, over many random histories in one build.

Links are given: how they are found is tested with identity. There are three builds: of
the first loads, of all by the nights that follow, and of all at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from history_world import HistoryWorld, make_world
from oracle.given import GivenLink, in_another_order, random_links, settled
from oracle.histories import random_history
from oracle.knowledge import versions_known
from oracle.rows import PartyRow, known_at
from oracle.versions import Survivorship, Version
from stdnum.cn import ric

from warehouse.database import attach, session
from warehouse.standardization import email, national_id, text

HISTORIES, LOADS, FIRST_LOADS = 40, 6, 3

FREQUENCIES = {"unique": "monthly", "web": "daily", "shop": "monthly"}
STANDARD: dict[str, Callable[[str], str | None]] = {
    "full_name": text,
    "address_line": text,
    "email": email,
    "national_id": national_id,
    "postcode": lambda value: value if value.isdigit() else None,
}
READ = """
select
    customer_id, valid_from, valid_to, is_prospect, is_deleted,
    full_name, birth_date, national_id, organisation_code, member_number, email,
    address_line, postcode, city
from work.intermediate.int_customer__history
where known_from <= ? and known_to > ?
order by customer_id, valid_from
"""
RANKS = """
select source_name, attribute_group, known_from, known_to, reliability_rank
from work.intermediate.int_source__reliability
"""
OF_NOW = """
select * exclude (
    customer_extra_key, contact_cycle_days, purchase_cycle_days,
    currency_code, is_minor, is_test_account, transaction_count, transaction_amount,
    first_transaction_at, last_transaction_at, is_current
)
from work.descriptive.dim_customer
order by all
"""
OF_THEN = """
select * exclude (customer_history_key, known_from, known_to, is_current)
from work.descriptive.hist_customer
where known_from <= ? and known_to > ?
order by all
"""
CUSTOMERS = "from work.descriptive.dim_customer order by all"
HISTORY = "from work.descriptive.hist_customer order by all"
CLAIMS = "from work.descriptive.fct_attribute_value order by all"
MODELS = ("dim_customer", "hist_customer", "fct_attribute_value")
BY_KEYS = """
select table_name from duckdb_tables()
where database_name = 'work' and table_name like '%$_$_noted' escape '$'
"""
CURRENT = """
select * exclude (customer_key) from work.intermediate.int_customer__versions
order by all
"""
Rows = list[tuple[Any, ...]]


@dataclass
class Given:
    """Histories that share no record and no customer, and their links."""

    rows: list[list[PartyRow]]
    links: list[list[GivenLink]]

    def hand_to(self, world: HistoryWorld, first: int, last: int) -> None:
        """Deliver the loads between two, and link their records."""
        world.deliver(
            row for rows in self.rows for row in rows if first <= row.load_id <= last
        )
        world.link(
            link
            for each in self.links
            for link in each
            if first <= link.load_id <= last
        )


@dataclass
class Built:
    """What was given, and what three builds came to."""

    given: Given
    world: HistoryWorld
    first: dict[str, Rows]
    nightly: dict[str, Rows]
    origins: list[dict[str, str]]


def histories() -> Given:
    """Make the histories."""
    rows = [
        [_apart(row, f"{number:03}") for row in random_history(number, loads=LOADS)]
        for number in range(HISTORIES)
    ]
    return Given(rows, [random_links(number, each) for number, each in enumerate(rows)])


def _apart(row: PartyRow, mark: str) -> PartyRow:
    """Name the record for its history; persons and organisations are never mixed."""
    body = f"11010519900307{mark[1:]}{(row.national_id or 'n0')[1:]}"
    return replace(
        row,
        source_record_id=f"{mark}-{row.source_record_id}",
        party_kind="organisation" if row.source_record_id == "r0" else "person",
        national_id=row.national_id
        and body + ("A" if body.endswith("0") else ric.calc_check_digit(body + "0")),
    )


def ask(world: HistoryWorld, sql: str, *moments: datetime) -> Rows:
    """Return what the work database answers."""
    with session(world.settings) as connection:
        attach(connection, world.settings.places.work, alias="work")
        return connection.execute(sql, moments).fetchall()


def published(world: HistoryWorld) -> dict[str, Rows]:
    """Return the customers, in one time and in both, and what was claimed of them."""
    return {name: ask(world, name) for name in (OF_NOW, CUSTOMERS, HISTORY, CLAIMS)}


def origins_by_keys(world: HistoryWorld) -> dict[str, str]:
    """Return which whole build the journal of each table by keys began with."""
    models = [name.removesuffix("__noted") for [name] in ask(world, BY_KEYS)]
    heads = {name: f"from work.intermediate.{name}__head" for name in models}
    return {name: ask(world, head)[0][0] for name, head in heads.items()}


def policy_of(world: HistoryWorld) -> Survivorship:
    """Return the policy, with the sources as reliable as they were measured to be."""
    ranks = ask(world, RANKS)

    def rank(source: str, group: str, at: datetime) -> int:
        [found] = [
            rank
            for name, of_group, known_from, known_to, rank in ranks
            if (name, of_group) == (source, group) and known_from <= at < known_to
        ]
        return int(found)

    return Survivorship(set(), STANDARD, rank)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the first loads, then the others on top, then all of them at once."""
    world = make_world(tmp_path_factory.mktemp("history"), FREQUENCIES, "unique")
    given = histories()
    given.hand_to(world, 1, FIRST_LOADS)
    world.build(*MODELS)
    first, origins = published(world), [origins_by_keys(world)]
    given.hand_to(world, FIRST_LOADS + 1, LOADS)
    world.build(*MODELS)
    nightly = published(world)
    origins.append(origins_by_keys(world))
    world.settings.places.work.unlink()
    world.build(*MODELS)
    return Built(given, world, first, nightly, origins)


@pytest.mark.parametrize("load_id", range(LOADS + 1))
def test_what_was_known_after_a_load_is_what_the_oracle_comes_to(
    built: Built, load_id: int
) -> None:
    """Deltas, corrections, repeats, late rows, deletions, merges and splits."""
    policy, known = policy_of(built.world), known_at(load_id)
    expected = [
        version
        for rows, links in zip(built.given.rows, built.given.links, strict=True)
        for version in versions_known(policy, rows, links, load_id)
    ]
    found = [
        Version(*row[:5], tuple(row[5:]))
        for row in ask(built.world, READ, known, known)
    ]
    assert len(expected) >= load_id * HISTORIES
    assert found == sorted(expected, key=lambda v: (v.customer_id, v.valid_from))


def test_history_says_what_was_said_then(built: Built) -> None:
    """What a build of the first loads says now, all loads say of that time."""
    then = known_at(FIRST_LOADS)
    assert ask(built.world, OF_THEN, then, then) == built.first[OF_NOW]


def test_history_says_of_now_what_the_customers_are(built: Built) -> None:
    """The slice known now is the dimension."""
    now = known_at(LOADS + 1)
    assert ask(built.world, OF_THEN, now, now) == ask(built.world, OF_NOW)


def test_nights_come_to_what_all_at_once_comes_to(built: Built) -> None:
    """Row for row, keys and known time with it."""
    assert published(built.world) == built.nightly


def test_nights_build_only_what_was_touched(built: Built) -> None:
    """No table that is built by keys was built whole by the second night."""
    first, second = built.origins
    assert len(first) >= 18
    assert second == first


def test_the_order_of_arrival_does_not_show_in_the_current_picture(
    tmp_path: Path,
) -> None:
    """The same rows by other loads, and in the end the same links."""
    pictures = []
    for order in range(2):
        world = make_world(tmp_path / str(order), FREQUENCIES, "unique")
        given = histories()
        for number, rows in enumerate(given.rows):
            given.rows[number] = in_another_order(order, rows, LOADS)
            given.links[number] = settled(given.rows[number], given.links[number])
        given.hand_to(world, 1, LOADS)
        world.build("int_customer__versions")
        pictures.append(ask(world, CURRENT))
    assert len(pictures[0]) > HISTORIES
    assert pictures[0] == pictures[1]
