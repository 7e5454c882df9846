"""Killing the publisher at every step's edge and at random moments, with readers on.

Readers see whole releases only, never older ones than before, and never an error; the
next run publishes as if nothing had been.
"""

import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from faults.edges import RELEASE_STEPS
from faults.readers import (
    READERS,
    SEEN,
    assert_clean,
    delays,
    kill_after,
    kill_at_step,
    watched,
    workers,
)
from publication_world import (
    copy_settings,
    make_archive,
    make_settings,
    make_work,
    publish_made,
    publish_world,
)

from warehouse.machine import in_words
from warehouse.publication import open_release, published_up_to, rollback, verify
from warehouse.settings import Settings

RANDOM_KILLS = 8
"""Here; `make faults` has 40."""


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
    assert tuple(passed) == RELEASE_STEPS


def test_killed_publishers_never_show(settings: Settings) -> None:
    """Readers see no error, no mix and nothing older; the next run leaves all clean."""
    started = time.monotonic()
    publish_world(settings, last_load_id=1)
    seconds = time.monotonic() - started
    context = workers()
    with watched(context, settings) as watch:
        for load_id, step in enumerate(RELEASE_STEPS, start=2):
            kill_at_step(context, settings, load_id, step)
        moments = delays(RANDOM_KILLS, seconds=seconds, seed=7)
        for load_id, delay in enumerate(moments, start=20):
            kill_after(context, settings, load_id, delay)
        publish_world(settings, last_load_id=100)
    assert watch.faults == []
    assert len(watch.seconds) > READERS
    assert_clean(settings, 100)


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


@pytest.mark.parametrize("step", RELEASE_STEPS)
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


@pytest.mark.parametrize("at", [2_000, 100_000, 500_000])
def test_a_disk_that_fills_up_leaves_the_version_before(
    settings: Settings, at: int
) -> None:
    """In the manifest, in the files: it is told, and the next run publishes."""
    make_work(settings, last_load_id=2)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at, before[1]))
    try:
        with pytest.raises((OSError, duckdb.Error)) as caught:
            publish_made(settings, last_load_id=2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    told = in_words(caught.value)
    assert told is not None
    assert "the disk is full" in told.what
    assert published_up_to(settings) == 1
    assert publish_world(settings, last_load_id=3).failures == []
    assert verify(settings) == []


def _count_missing(link: Path, is_over: threading.Event) -> int:
    missing = 0
    while not is_over.is_set():
        missing += not link.is_symlink()
    return missing
