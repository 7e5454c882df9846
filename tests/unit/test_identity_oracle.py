"""The log of identity changes against the oracle, over random histories."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from identity_world import UNIQUE_SOURCE, IdentityWorld, make_world
from oracle.histories import random_history
from oracle.identity import Link, replay
from oracle.rows import PartyRow

from warehouse.identity.ids import SAMPLE_KEY


def expected(rows: list[PartyRow]) -> list[Link]:
    """Return the log that the oracle comes to."""
    return replay(rows, {UNIQUE_SOURCE}, SAMPLE_KEY)


def load_by_load(world: IdentityWorld, rows: list[PartyRow]) -> None:
    """Identify after every load, each time from a work database made anew."""
    for load in sorted({row.load_id for row in rows}):
        world.deliver(row for row in rows if row.load_id <= load)
        world.identify()


def all_at_once(world: IdentityWorld, rows: list[PartyRow]) -> None:
    """Identify once, when every load is there."""
    world.deliver(rows)
    world.identify()


@pytest.mark.parametrize("way", [load_by_load, all_at_once])
@given(seed=st.integers(min_value=0, max_value=2**32))
@settings(max_examples=8, deadline=None)
def test_the_log_is_what_the_oracle_comes_to(
    way: Callable[[IdentityWorld, list[PartyRow]], None], seed: int
) -> None:
    """Whether loads come one by one or all at once, replay gives the same log."""
    rows = random_history(seed)
    with TemporaryDirectory() as home:
        world = make_world(Path(home))
        way(world, rows)
        assert world.log() == expected(rows)


def test_a_long_history_is_what_the_oracle_comes_to(tmp_path: Path) -> None:
    """More records share more keys, so that whole chains merge and divide."""
    rows = random_history(5, rows=220, loads=12, records=60)
    world = make_world(tmp_path)
    all_at_once(world, rows)
    assert world.log() == expected(rows)
