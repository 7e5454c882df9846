"""The log follows from rules and standard forms too: when these change, so does it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from identity_world import UNIQUE_SOURCE, IdentityWorld, make_world
from oracle.edges import World
from oracle.rows import FIRST_LOAD_AT, PartyRow

from warehouse.identity import footing

Change = Callable[[IdentityWorld], IdentityWorld]


def stated(load_id: int, record: str, source: str, name: str, home: str) -> PartyRow:
    """Return a row that one load states of a record."""
    at = FIRST_LOAD_AT + timedelta(days=load_id)
    row = PartyRow(load_id, 1, source, record, at.date(), at)
    return replace(row, full_name=name, address_line=home, email=f"{home}@x.example")


ROWS = [
    stated(1, "a", UNIQUE_SOURCE, "li lei", "street 1"),
    stated(2, "b", UNIQUE_SOURCE, "li lei", "street 1"),
    stated(2, "c", "web", "bo ek", "street 2"),
    stated(3, "d", "shop", "ek bo", "street 2"),
]


def replayed(home: Path, rows: list[PartyRow], change: Change) -> object:
    """Return the log of everything, made in one run by today's rules."""
    world = change(make_world(home))
    world.deliver(World(rows))
    world.identify()
    return world.log(), world.held()


def unchanged(world: IdentityWorld) -> IdentityWorld:
    """Leave the rules as they are."""
    return world


def without_unique(world: IdentityWorld) -> IdentityWorld:
    """Let no source say of itself that it holds nobody twice."""
    sources = [
        source.model_copy(update={"is_unique": False})
        for source in world.company.sources
    ]
    return replace(world, company=world.company.model_copy(update={"sources": sources}))


def in_order(row: PartyRow) -> PartyRow:
    """Return the row as a way of writing would have it that knows no order of words."""
    return replace(row, full_name=" ".join(sorted(str(row.full_name).split())))


@pytest.mark.parametrize("load", [2, 3])
@pytest.mark.parametrize(
    ("write", "change"), [(in_order, unchanged), (replace, without_unique)]
)
def test_a_log_of_other_rules_or_forms_is_made_anew(
    tmp_path: Path,
    write: Callable[[PartyRow], PartyRow],
    change: Change,
    load: int,
) -> None:
    """With a new load or none, it is then the log of a replay."""
    world = make_world(tmp_path / "nightly")
    world.deliver(World(ROWS).until(load))
    world.identify()
    before = world.log(), world.held()
    rows = [write(row) for row in ROWS]
    world.deliver(World(rows))
    change(world).identify()
    expected = replayed(tmp_path / "replayed", rows, change)
    assert (world.log(), world.held()) == expected != before


def test_the_digest_of_the_rules_follows_every_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the sources that hold nobody twice, in any order."""
    before = footing.rules_hash(["web", "shop"])
    assert footing.rules_hash(["shop", "web"]) == before
    assert footing.rules_hash(["web"]) != before
    monkeypatch.setattr(footing, "RULES", tmp_path)
    (tmp_path / "policy.py").write_text("LIMIT = 10\n", encoding="utf-8")
    ten = footing.rules_hash([])
    (tmp_path / "policy.py").write_text("LIMIT = 11\n", encoding="utf-8")
    assert footing.rules_hash([]) != ten
