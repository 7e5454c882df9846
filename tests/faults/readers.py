"""Publishers killed under readers: what readers see, and how long it takes them.

A reader opens the current release, asks for the load that each of its tables follows
from, and closes it again. It must never see an error, a mix of two versions, or an
older one than before.
"""

import math
import os
import random
import signal
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from publication_world import make_archive, make_settings, publish_world

from faults import Say
from faults.edges import RELEASE_STEPS
from warehouse.errors import ClienteleError
from warehouse.publication import current_release, open_release, releases, verify
from warehouse.settings import Settings

READERS = 4
KILLS = 40
LONGEST_LOOK = 600
SEEN = """
select
    load.load_id,
    min(customer.lifetime_amount),
    max(customer.lifetime_amount),
    count(*)
from shared.dim_load as load
cross join descriptive.dim_customer as customer
group by load.load_id
"""


@dataclass
class Watch:
    """What the readers saw.

    Attributes:
        faults: What was wrong, one line each.
        seconds: How long each look took.
    """

    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def percentile(self, part: float) -> float:
        """Return the time within which a part of the looks was answered, in seconds."""
        if not self.seconds:
            return math.nan
        return sorted(self.seconds)[math.ceil(part * len(self.seconds)) - 1]


def workers() -> ForkServerContext:
    """Return a context whose processes start at once, with the modules loaded.

    DuckDB loads pandas on its first bound parameter, which would take longer than to
    publish.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["pandas", "warehouse.publication"])
    return context


def kill_at_step(
    context: ForkServerContext, settings: Settings, load_id: int, step: str
) -> None:
    """Publish in a process that dies when a step is done."""
    publisher = context.Process(target=_publish, args=(settings, load_id, step))
    publisher.start()
    publisher.join(timeout=60)
    assert publisher.exitcode == -signal.SIGKILL


def kill_after(
    context: ForkServerContext, settings: Settings, load_id: int, delay: float
) -> bool:
    """Publish in a process that is killed after some seconds; say whether it was."""
    ready = context.Event()
    publisher = context.Process(target=_publish, args=(settings, load_id, None, ready))
    publisher.start()
    assert ready.wait(timeout=60)
    time.sleep(delay)
    publisher.kill()
    publisher.join(timeout=60)
    assert publisher.exitcode in (0, -signal.SIGKILL)
    return publisher.exitcode != 0


def _publish(
    settings: Settings, load_id: int, step: str | None, ready: Event | None = None
) -> None:
    def on_step(passed: str) -> None:
        if passed == "started" and ready is not None:
            ready.set()
        if passed == step:
            os.kill(os.getpid(), signal.SIGKILL)

    publish_world(settings, last_load_id=load_id, on_step=on_step)


@contextmanager
def watched(context: ForkServerContext, settings: Settings) -> Iterator[Watch]:
    """Let readers look all the time; what they saw is there when the block ends."""
    watch = Watch()
    stop = context.Event()
    seen: Queue[Watch] = context.Queue()
    readers: list[BaseProcess] = [
        context.Process(target=_read, args=(settings, stop, seen))
        for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    try:
        yield watch
    finally:
        stop.set()
        for _ in readers:
            one = seen.get(timeout=60)
            watch.faults += one.faults
            watch.seconds += one.seconds
        for reader in readers:
            reader.join(timeout=30)
            reader.kill()


def _read(settings: Settings, stop: Event, seen: "Queue[Watch]") -> None:
    """Look until told to stop; report the first fault, or none."""
    watch, last = Watch(), 0
    deadline = time.monotonic() + LONGEST_LOOK
    try:
        while not stop.is_set() and time.monotonic() < deadline:
            started = time.monotonic()
            last = look(settings, last)
            watch.seconds.append(time.monotonic() - started)
            time.sleep(0.03)
        if not watch.seconds:
            watch.faults.append("a reader did not look at all")
    except (ClienteleError, AssertionError, OSError) as error:
        watch.faults.append(f"{type(error).__name__}: {error}")
    seen.put(watch)


def look(settings: Settings, last: int) -> int:
    """Read a release as an analyst would, and return the load that it follows from.

    Args:
        settings: Whose release.
        last: The load that was seen before.
    """
    with open_release(settings, restricted=True) as connection:
        [[load_id, *amounts]] = connection.execute(SEEN).fetchall()
        [[named]] = connection.execute(
            "select count(*) from restricted.descriptive.dim_customer as personal "
            "semi join descriptive.dim_customer as customer using (customer_key)"
        ).fetchall()
    if amounts != [load_id, load_id, 500] or named != 500:
        raise AssertionError(f"a mix of versions: {load_id}, {amounts}, {named}")
    if load_id < last:
        raise AssertionError(f"back from {last} to {load_id}")
    return int(load_id)


def assert_clean(settings: Settings, last_load_id: int) -> None:
    """See that the last publication left nothing but sound releases behind."""
    assert verify(settings, deep=True) == []
    current = current_release(settings)
    assert current is not None
    assert current.last_load_id == last_load_id
    names = {path.name for path in settings.places.published.iterdir()}
    assert names == {"current", *(release.release for release in releases(settings))}
    assert len(names) == 4


def delays(count: int, *, seconds: float, seed: int) -> Sequence[float]:
    """Return random moments of a publication, a little beyond its end too."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    return [chance.uniform(0, 1.2 * seconds) for _ in range(count)]


def measure(root: Path, asked: Namespace, say: Say) -> dict[str, Any]:
    """Publish many times under readers, undisturbed and killed at random moments.

    Args:
        root: Where the house lies.
        asked: `publications`, and `seed`.
        say: Who hears how far it is.
    """
    root.mkdir()
    settings, context = make_settings(root), workers()
    make_archive(settings)
    publish_world(settings, last_load_id=1)
    started = time.monotonic()
    publish_world(settings, last_load_id=1)
    seconds = time.monotonic() - started
    load_id, killed = 1, 0
    with watched(context, settings) as watch:
        for step in RELEASE_STEPS:
            load_id += 1
            kill_at_step(context, settings, load_id, step)
        for delay in delays(KILLS, seconds=seconds, seed=asked.seed):
            load_id += 1
            killed += kill_after(context, settings, load_id, delay)
        say(f"  {len(RELEASE_STEPS) + killed} publishers killed")
        for _ in range(asked.publications):
            load_id += 1
            publish_world(settings, last_load_id=load_id)
    faults = list(watch.faults)
    try:
        assert_clean(settings, load_id)
    except AssertionError as error:
        faults.append(f"after all publications: {error}")
    return {
        "injected": len(RELEASE_STEPS) + KILLS,
        "publishers_killed": len(RELEASE_STEPS) + killed,
        "publications": asked.publications,
        "readers": READERS,
        "looks": len(watch.seconds),
        "milliseconds": {
            name: round(1000 * watch.percentile(part), 1)
            for name, part in (("p50", 0.5), ("p99", 0.99), ("longest", 1.0))
        },
        "publication_seconds": round(seconds, 2),
        "faults": faults,
    }
