"""How a release is begun: its folder, and the files before, copied into it.

A night begins it ahead, and builds while the files are copied; publishing begins one
that nobody has begun.
"""

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from warehouse.publication.carrying import carry, is_deep, loses, release_to_carry
from warehouse.publication.plan import Table
from warehouse.publication.release import (
    MARTS,
    RESTRICTED,
    Release,
    next_number,
    release_name,
)
from warehouse.publication.switching import NEW_LINK, switching
from warehouse.settings import Settings

_BUILDING = ".building"
PRUNED = ".pruned"


@dataclass(frozen=True)
class Begun:
    """A release to come: its folder, and what is being copied into it."""

    folder: Path
    number: int
    before: Release | None
    copies: Mapping[str, Future[bool]]
    """By file, whether the copy is sound, once it is made."""

    def carried(self, tables: Sequence[Table], *, whole: bool) -> dict[str, Release]:
        """Wait for the copies, and leave those that may be built upon.

        Args:
            tables: What is to be published.
            whole: Whether none is.

        Returns:
            By file, the release of which it is a copy.
        """
        carried = {}
        for name, copy in self.copies.items():
            is_sound = copy.result() and not whole
            if is_sound and self.before and not loses(self.before, tables):
                carried[name] = self.before
            else:
                (self.folder / name).unlink()
        return carried

    def give_up(self) -> None:
        """Remove what was begun, once nobody writes into it any more."""
        for copy in self.copies.values():
            copy.exception()
        remove(self.folder)


def begin(settings: Settings, *, whole: bool = False) -> Begun:
    """Begin a release: sweep, make its folder, and copy the files before it.

    The copies are made in the background. No names of persons are copied for a release
    that carries none over.

    Args:
        settings: Whose places; the caller holds the writer's lock.
        whole: Whether it is known already that nothing is carried over.
    """
    sweep(settings)
    number = next_number(settings)
    folder = settings.places.published / (release_name(number) + _BUILDING)
    folder.mkdir(mode=0o750, parents=True)
    before = None if whole else release_to_carry(settings)
    names = [MARTS] if is_deep(number) else [MARTS, RESTRICTED]
    pool = ThreadPoolExecutor()
    copies = {
        name: pool.submit(carry, before, folder / name) for name in names if before
    }
    pool.shutdown(wait=False)
    return Begun(folder, number, before, copies)


def sweep(settings: Settings) -> None:
    """Remove what a killed run left; never what is published or was set aside."""
    published = settings.places.published
    with switching(settings):
        (published / NEW_LINK).unlink(missing_ok=True)
    for suffix in (_BUILDING, PRUNED):
        for folder in published.glob(f"r-*{suffix}"):
            remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder of a release, which may have been closed to writers."""
    folder.chmod(0o750)
    shutil.rmtree(folder)
