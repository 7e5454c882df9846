"""Killing the publisher at every step's edge and at random moments, with readers on.

Readers see whole releases only, never older ones than before, and never an error; the
next run publishes as if nothing had been.
"""

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from publication_world import (
    copy_settings,
    make_archive,
    make_settings,
    publish_world,
)

from warehouse.errors import ClienteleError
from warehouse.publication import (
    current_release,
    open_release,
    releases,
    rollback,
    verify,
)
from warehouse.settings import Settings

STEPS = (
    "started",
    "planned",
    "marts_written",
    "restricted_written",
    "audited",
    "manifest_written",
    "flushed",
    "renamed",
    "linked",
    "switched",
    "pruned",
)
RANDOM_KILLS = 40
READERS = 4
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


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a house with one release, of load 1."""
    settings = make_settings(tmp_path_factory.mktemp("sound"))
    make_archive(settings)
    publish_world(settings, last_load_id=1)
    return settings


@pytest.fixture
def settings(sound: Settings, tmp_path: Path) -> Settings:
    """Return the settings of a copy of it, to publish in."""
    return copy_settings(sound, tmp_path)


def test_every_step_has_an_edge(settings: Settings) -> None:
    """The steps at which the other tests kill are all there are."""
    passed: list[str] = []
    publish_world(settings, last_load_id=2, on_step=passed.append)
    assert tuple(passed) == STEPS


def test_killed_publishers_never_show(settings: Settings) -> None:
    """Readers see no error, no mix and nothing older; the next run leaves all clean."""
    started = time.monotonic()
    publish_world(settings, last_load_id=1)
    seconds = time.monotonic() - started
    chance = random.Random(7)  # noqa: S311
    workers = _workers()
    with _readers(workers, settings) as faults:
        for load_id, step in enumerate(STEPS, start=2):
            _killed_at_step(workers, settings, load_id, step)
        for load_id in range(20, 20 + RANDOM_KILLS):
            delay = chance.uniform(0, 1.2 * seconds)
            _killed_after(workers, settings, load_id, delay)
        publish_world(settings, last_load_id=100)
    assert faults == []
    assert verify(settings, deep=True) == []
    current = current_release(settings)
    assert current is not None
    assert current.last_load_id == 100
    names = {path.name for path in settings.places.published.iterdir()}
    assert names == {"current", *(release.release for release in releases(settings))}
    assert len(names) == 4


def test_current_is_never_missing_while_it_is_switched(settings: Settings) -> None:
    """One rename, and not a removal with a new link after it."""
    publish_world(settings, last_load_id=2)
    is_over = threading.Event()
    with ThreadPoolExecutor(max_workers=1) as pool:
        missing = pool.submit(_count_missing, settings.places.current, is_over)
        for turn in range(1000):
            rollback(settings, to=("r-000001", "r-000002")[turn % 2])
        is_over.set()
    assert missing.result() == 0


@pytest.mark.parametrize("step", STEPS)
def test_an_error_at_a_step_leaves_a_whole_release(
    settings: Settings, step: str
) -> None:
    """A full disk, too, is mended by the next run."""

    def fail(passed: str) -> None:
        if passed == step:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        publish_world(settings, last_load_id=2, on_step=fail)
    with open_release(settings) as connection:
        [[load_id, *amounts]] = connection.execute(SEEN).fetchall()
    assert load_id == (2 if step in ("switched", "pruned") else 1)
    assert amounts == [load_id, load_id, 500]
    assert publish_world(settings, last_load_id=3).failures == []
    assert verify(settings) == []


def _count_missing(link: Path, is_over: threading.Event) -> int:
    missing = 0
    while not is_over.is_set():
        missing += not link.is_symlink()
    return missing


def _workers() -> ForkServerContext:
    """Return a context whose processes start at once, with the modules loaded.

    DuckDB loads pandas on its first bound parameter, which would take longer than to
    publish.
    """
    workers = multiprocessing.get_context("forkserver")
    workers.set_forkserver_preload(["pandas", "pytest", "warehouse.publication"])
    return workers


def _killed_at_step(
    workers: ForkServerContext, settings: Settings, load_id: int, step: str
) -> None:
    publisher = workers.Process(target=_publish, args=(settings, load_id, step))
    publisher.start()
    publisher.join(timeout=30)
    assert publisher.exitcode == -signal.SIGKILL


def _killed_after(
    workers: ForkServerContext, settings: Settings, load_id: int, delay: float
) -> None:
    ready = workers.Event()
    publisher = workers.Process(target=_publish, args=(settings, load_id, None, ready))
    publisher.start()
    assert ready.wait(timeout=30)
    time.sleep(delay)
    publisher.kill()
    publisher.join(timeout=30)
    assert publisher.exitcode in (0, -signal.SIGKILL)


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
def _readers(workers: ForkServerContext, settings: Settings) -> Iterator[list[str]]:
    """Let readers look all the time; the list fills with what they saw wrong."""
    faults: list[str] = []
    stop = workers.Event()
    seen: Queue[str] = workers.Queue()
    readers: list[BaseProcess] = [
        workers.Process(target=_read, args=(settings, stop, seen))
        for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    try:
        yield faults
    finally:
        stop.set()
        faults += [fault for _ in readers if (fault := seen.get(timeout=30))]
        for reader in readers:
            reader.join(timeout=30)
            reader.kill()


def _read(settings: Settings, stop: Event, seen: "Queue[str]") -> None:
    """Look until told to stop, a minute at most; report the first fault, or nothing."""
    last = 0
    looks = 0
    deadline = time.monotonic() + 60
    try:
        while not stop.is_set() and time.monotonic() < deadline:
            last = _look(settings, last)
            looks += 1
            time.sleep(0.03)
        seen.put("" if looks else "did not look at all")
    except (ClienteleError, AssertionError, OSError) as error:
        seen.put(f"{type(error).__name__}: {error}")


def _look(settings: Settings, last: int) -> int:
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
