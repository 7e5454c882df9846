"""Many nights killed, one after the other, and each house held against an unhurt one.

The corner shop has had an undisturbed night over two dates; the night over the others
and a late file is the one that is killed, so a version is there that must stay.
"""

import random
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from corner_shop import DELIVERIES, LATE, deliver, open_corner
from night_world import Nights

from faults import Say
from faults.edges import EDGES
from faults.nights import (
    LONGEST_NIGHT,
    Killed,
    assert_healed,
    assert_whole,
    run_killed,
    workers,
)
from pipelines.night import dates_to_run
from warehouse.errors import ExitCode
from warehouse.publication import current_release

FIRST = 2
"""How many dates have had their night before."""
CHAIN = 8
"""How many kills a house suffers before it is left in peace."""


@dataclass(frozen=True)
class Kill:
    """When a night is killed: at an edge, or after some seconds."""

    edge: str | None = None
    after: float = LONGEST_NIGHT


@dataclass(frozen=True)
class Ground:
    """What every chain of kills begins from, and what it must come to.

    Attributes:
        root: The folder in which all houses lie.
        before: A house whose next night is to be killed.
        after: The same after that night, undisturbed.
        seconds: How long that night took.
    """

    root: Path
    before: Nights
    after: Nights
    seconds: float

    @property
    def allowed(self) -> set[int]:
        """Return the last loads of the versions that may be published."""
        found = [current_release(each.settings) for each in (self.before, self.after)]
        return {release.last_load_id for release in found if release}


@dataclass
class Outcome:
    """What came of the kills.

    Attributes:
        killed: The nights, those that ended by themselves among them.
        healed: How many houses were left in peace and equal the unhurt one.
        faults: What was not as it must be.
    """

    killed: list[Killed]
    healed: int
    faults: list[str]


def prepare(context: ForkServerContext, root: Path) -> Ground:
    """Lay the ground: two nights that nobody disturbs."""
    before = open_corner(root / "before")
    dates = list(DELIVERIES)
    deliver(before, dates[:FIRST])
    assert run_killed(context, before).exit_code == ExitCode.DONE
    deliver(before, dates[FIRST:])
    before.deliver(*LATE)
    after = _copy(before, root / "after")
    night = run_killed(context, after)
    assert night.exit_code == ExitCode.DONE
    return Ground(root, before, after, night.seconds)


def _copy(house: Nights, folder: Path) -> Nights:
    shutil.copytree(house.settings.home, folder / "home", symlinks=True)
    return open_corner(folder)


def moments(count: int, *, seconds: float, seed: int) -> list[Kill]:
    """Return kills at random moments of a night."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    return [Kill(after=chance.uniform(0, seconds)) for _ in range(count)]


def run_kills(
    context: ForkServerContext,
    ground: Ground,
    kills: Sequence[Kill],
    *,
    at_once: int,
    say: Say,
) -> Outcome:
    """Kill nights, some houses at once, each a chain of kills long."""
    outcome = Outcome([], 0, [])
    chains = [kills[at : at + CHAIN] for at in range(0, len(kills), CHAIN)]
    with ThreadPoolExecutor(at_once) as pool:
        runs = [
            pool.submit(_run_chain, context, ground, chain, outcome, say)
            for chain in chains
        ]
        for run in runs:
            run.result()
    return outcome


def _run_chain(
    context: ForkServerContext,
    ground: Ground,
    kills: Sequence[Kill],
    outcome: Outcome,
    say: Say,
) -> None:
    home = Path(tempfile.mkdtemp(dir=ground.root, prefix="chain-"))
    house: Nights | None = None
    suffered: list[str] = []
    for kill in [*kills, None]:
        try:
            if house is not None and (kill is None or _is_done(house)):
                _leave_in_peace(context, house, ground.after)
                outcome.healed += 1
                shutil.rmtree(home)
                house, suffered = None, []
            if kill is None:
                break
            house = house or _copy(ground.before, home)
            killed = run_killed(context, house, edge=kill.edge, after=kill.after)
            suffered.append(killed.at)
            outcome.killed.append(killed)
            assert killed.was_killed or kill.edge is None, "the edge was not reached"
            assert_whole(house, ground.allowed)
            say(f"  killed {len(outcome.killed):4}  at {killed.at}")
        except AssertionError as error:
            outcome.faults.append(f"after {', '.join(suffered)}: {error}")
            say(f"  FAULT {outcome.faults[-1]}")
            if house is not None:
                home.rename(home.with_name(f"{home.name}-fault-{len(suffered)}"))
            house, suffered = None, []


def run_two_at_once(context: ForkServerContext, ground: Ground) -> list[str]:
    """Run two nights of one house at the same moment; return what was not right.

    One is told that the other runs, or comes after it; the house equals the unhurt one.
    """
    house = _copy(ground.before, ground.root / "two-at-once")
    with ThreadPoolExecutor(2) as pool:
        nights = list(pool.map(lambda _: run_killed(context, house), range(2)))
    codes = sorted(night.exit_code for night in nights)
    try:
        assert codes[0] == ExitCode.DONE, f"two at once end with {codes}"
        assert codes[1] in (ExitCode.DONE, ExitCode.FAILED), f"they end with {codes}"
        assert_healed(house, ground.after)
    except AssertionError as error:
        return [f"two at once: {error}"]
    return []


def _is_done(house: Nights) -> bool:
    return dates_to_run(house.settings, house.company, None) == []


def _leave_in_peace(
    context: ForkServerContext, house: Nights, undisturbed: Nights
) -> None:
    if not _is_done(house):
        night = run_killed(context, house)
        assert night.exit_code == ExitCode.DONE, "the next night failed"
    assert_healed(house, undisturbed)


def measure(root: Path, asked: Namespace, say: Say) -> dict[str, Any]:
    """Kill nights at every edge and at random moments.

    Args:
        root: Where the houses lie.
        asked: `kills`, `at_once`, `seed`, and whether the edges are left out.
        say: Who hears how far it is.
    """
    context = workers()
    ground = prepare(context, root)
    say(f"  an undisturbed night takes {ground.seconds:.0f} s")
    kills = [] if asked.no_edges else [Kill(edge=edge) for edge in EDGES]
    at_edges = len(kills)
    kills += moments(asked.kills, seconds=ground.seconds, seed=asked.seed)
    outcome = run_kills(context, ground, kills, at_once=asked.at_once, say=say)
    outcome.faults += run_two_at_once(context, ground)
    killed = [each for each in outcome.killed if each.was_killed]
    return {
        "injected": len(kills),
        "edges": at_edges,
        "kills": len(killed) - at_edges,
        "ended_before_their_kill": len(outcome.killed) - len(killed),
        "houses_healed": outcome.healed,
        "night_seconds": round(ground.seconds, 1),
        "faults": outcome.faults,
    }
