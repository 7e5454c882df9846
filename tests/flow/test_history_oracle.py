"""Versions of customers against the oracle, over many random histories in one build."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from history_world import HistoryWorld, make_world
from oracle.edges import World
from oracle.histories import random_history
from oracle.identity import replay
from oracle.rows import PartyRow
from oracle.versions import ATTRIBUTES, Source, Survivorship, Version
from stdnum.cn import ric

from warehouse.database import attach, session
from warehouse.identity.ids import SAMPLE_KEY
from warehouse.standardization import email, national_id, text

HISTORIES = 60
FREQUENCIES = {"unique": "monthly", "web": "daily", "shop": "monthly"}
STANDARD: dict[str, Callable[[str], str | None]] = {
    "full_name": text,
    "address_line": text,
    "email": email,
    "national_id": national_id,
    "postcode": lambda value: value if value.isdigit() else None,
}


def histories() -> list[list[PartyRow]]:
    """Make histories that share no record and no key with each other."""
    return [
        [_apart(row, number) for row in random_history(number)]
        for number in range(HISTORIES)
    ]


def _apart(row: PartyRow, number: int) -> PartyRow:
    mark = f"{number:03}"
    named = {
        name: f"{value} {mark}"
        for name in ("full_name", "member_number", "organisation_code")
        if (value := getattr(row, name))
    }
    if row.email:
        named["email"] = row.email.replace("@", f".{mark}@")
    if row.national_id:
        body = f"11010519900307{number:02}{row.national_id[1:]}"
        named["national_id"] = body + (
            "A" if row.national_id == "n0" else ric.calc_check_digit(body + "0")
        )
    return replace(row, source_record_id=f"{mark}-{row.source_record_id}", **named)


def _standard(row: PartyRow) -> PartyRow:
    """Return the row as identification reads it."""
    return replace(
        row,
        national_id=row.national_id and national_id(row.national_id),
        organisation_code=None,
        email=row.email and email(row.email),
        full_name=row.full_name and text(row.full_name),
    )


def _measured(world: HistoryWorld) -> Survivorship:
    """Take the ranks as they were measured; `test_provenance` works some out."""
    with session(world.settings) as connection:
        attach(connection, world.settings.places.work, alias="work")
        ranks = connection.table("work.intermediate.int_source__reliability")
        now = ranks.filter("known_to = timestamp '9999-12-31'")
        found = now.project("source_name, attribute_group, reliability_rank").fetchall()
    return Survivorship(
        {
            source: Source({g: r for s, g, r in found if s == source}, False)
            for source in FREQUENCIES
        },
        STANDARD,
    )


def _expected(rows: list[PartyRow], policy: Survivorship) -> list[Version]:
    world = World([_standard(row) for row in rows], first_model="none")
    log, _ = replay(world, {"unique"}, SAMPLE_KEY)
    linked = {link.record: link.customer_id for link in log}
    return policy.versions(rows, linked)


def _built(world: HistoryWorld) -> list[Version]:
    with session(world.settings) as connection:
        attach(connection, world.settings.places.work, alias="work")
        versions = connection.sql("from work.intermediate.int_customer__versions")
        columns = ("customer_id", "valid_from", "valid_to", "is_prospect", "is_deleted")
        found = (
            versions.project(", ".join((*columns, *ATTRIBUTES)))
            .order("customer_id, valid_from")
            .fetchall()
        )
    return [Version(*row[:5], tuple(row[5:])) for row in found]


def test_versions_are_what_the_oracle_comes_to(tmp_path: Path) -> None:
    """Deltas, corrections, repeats, late deliveries, deletions, merges and splits."""
    world = make_world(tmp_path, FREQUENCIES, unique="unique")
    given = histories()
    world.deliver(row for rows in given for row in rows)
    world.build("int_customer__versions")
    policy = _measured(world)
    expected = [version for rows in given for version in _expected(rows, policy)]
    order = [(version.customer_id, version.valid_from) for version in expected]
    assert len(set(order)) == len(order)
    assert _built(world) == sorted(
        expected, key=lambda version: (version.customer_id, version.valid_from)
    )
