"""Until which load the rows of the inputs are known to have kept what they promise."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines import standing
from pipelines.stages import Stage
from pipelines.standing import Standing
from warehouse.settings import Settings

MANIFEST = {"nodes": {}, "sources": {}}


def write_work(settings: Settings) -> None:
    """Write the work database, as whoever works on it does."""
    with settings.places.work.open("ab") as work:
        work.write(b"row")


def night(settings: Settings, *, is_published: bool = True) -> int:
    """Run a night of all stages, and return until which load it knew all to be kept."""
    begun = Standing(settings)
    begun.begin()
    for stage in Stage:
        begun.to_make(stage, (), MANIFEST)
        write_work(settings)
        begun.end()
    if is_published:
        Standing(settings).keep()
    return begun.kept_until


def test_what_was_kept_is_known_of_a_published_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night that failed leaves nothing known, nor does who writes what it made."""
    settings = Settings(company="tiny", home=tmp_path)
    settings.places.prepare()
    entered = iter(range(7, 20))
    monkeypatch.setattr(
        standing, "last_load", lambda _: SimpleNamespace(load_id=next(entered))
    )
    monkeypatch.setattr(Standing, "_digests", lambda *_: {})
    assert [night(settings), night(settings)] == [0, 7]
    write_work(settings)
    assert [night(settings), night(settings, is_published=False)] == [0, 9]
    assert [night(settings), night(settings)] == [0, 11]
