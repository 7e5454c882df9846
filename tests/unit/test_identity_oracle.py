"""The log of identity changes against the oracle, over random histories."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from identity_world import UNIQUE_SOURCE, IdentityWorld, make_world
from oracle.edges import World
from oracle.histories import random_world
from oracle.identity import Held, Link, replay

from warehouse.identity.ids import SAMPLE_KEY


def expected(world: World) -> tuple[list[Link], list[Held]]:
    """Return the logs that the oracle comes to."""
    return replay(world, {UNIQUE_SOURCE}, SAMPLE_KEY)


def load_by_load(identified: IdentityWorld, world: World) -> None:
    """Identify after every load, each time from a work database made anew."""
    for load in world.loads:
        identified.deliver(world.until(load))
        identified.identify()


def all_at_once(identified: IdentityWorld, world: World) -> None:
    """Identify once, when every load is there."""
    identified.deliver(world)
    identified.identify()


@pytest.mark.parametrize("way", [load_by_load, all_at_once])
@given(seed=st.integers(min_value=0, max_value=2**32))
@settings(max_examples=8, deadline=None)
def test_the_log_is_what_the_oracle_comes_to(
    way: Callable[[IdentityWorld, World], None], seed: int
) -> None:
    """Whether loads come one by one or all at once, replay gives the same log."""
    world = random_world(seed)
    with TemporaryDirectory() as home:
        identified = make_world(Path(home))
        way(identified, world)
        links, held = expected(world)
        assert identified.log() == links
        assert identified.held() == held


def test_a_long_history_is_what_the_oracle_comes_to(tmp_path: Path) -> None:
    """More records share more keys, so that whole chains merge and divide."""
    world = random_world(5, rows=220, loads=12, records=60)
    identified = make_world(tmp_path)
    all_at_once(identified, world)
    assert (identified.log(), identified.held()) == expected(world)
