"""How much room the company's data takes, by room, and for how many nights it lasts."""

import os
import shutil
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median

from pydantic import BaseModel

from warehouse.operations.journal import NightEntry
from warehouse.settings import Settings

LEAST_FREE_BYTES = 1 << 30
NIGHTS_AHEAD = 30
"""With room for fewer nights like the last ones, somebody should act."""
LOOKED_BACK = 30


class DiskUse(BaseModel):
    """What is taken and what is free, in bytes.

    `growth` is what a business date added, the median of the last runs; none until two
    runs with a date of their own have ended.
    """

    rooms: dict[str, int]
    total: int
    free: int
    growth: int | None
    nights_left: int | None
    """How many nights like the last ones fit; none when nothing grows."""

    @property
    def needed(self) -> int:
        """Return what the next night may need: work and release once more, and spill.

        At least a gigabyte.
        """
        a_night = self.rooms.get("work", 0) + self.rooms.get("releases", 0)
        return max(LEAST_FREE_BYTES, 2 * a_night)

    @property
    def is_low(self) -> bool:
        """Return whether the next nights may not fit."""
        is_short = self.nights_left is not None and self.nights_left < NIGHTS_AHEAD
        return self.free < self.needed or is_short


def measure_disk(settings: Settings, nights: Sequence[NightEntry]) -> DiskUse:
    """Measure the company's folder and the disk that it is on.

    Args:
        settings: Where the company's data lies.
        nights: The journal, oldest first, which knows how large it was.
    """
    rooms = room_sizes(settings)
    root = next(
        folder
        for folder in (settings.places.root, *settings.places.root.parents)
        if folder.exists()
    )
    free = shutil.disk_usage(root).free
    growth = growth_per_date(nights)
    return DiskUse(
        rooms=rooms,
        total=sum(rooms.values()),
        free=free,
        growth=growth,
        nights_left=free // growth if growth and growth > 0 else None,
    )


def room_sizes(settings: Settings) -> dict[str, int]:
    """Return the bytes on the disk by room; what belongs to none is `other`."""
    places = settings.places
    rooms = {
        "archive": places.archive,
        "deliveries": places.deliveries,
        "landing": places.landing,
        "work": places.work,
        "releases": places.published,
        "logs": places.logs,
    }
    sizes = {name: _size(path) for name, path in rooms.items()}
    others = set(places.root.iterdir()) if places.root.is_dir() else set()
    sizes["other"] = sum(_size(path) for path in others - set(rooms.values()))
    return sizes


def growth_per_date(nights: Sequence[NightEntry]) -> int | None:
    """Return the bytes that a business date added, the median of the last runs."""
    known = [each for each in nights if each.byte_count is not None][-LOOKED_BACK:]
    grown = [
        (after.byte_count - before.byte_count) / new
        for before, after in pairwise(known)
        if after.byte_count is not None
        and before.byte_count is not None
        and (new := _dates_added(before.business_dates, after.business_dates))
    ]
    return round(median(grown)) if grown else None


def _dates_added(before: Sequence[date], after: Sequence[date]) -> int:
    return len(set(after) - set(before))


def _size(path: Path) -> int:
    """Return the bytes of a file or a folder; what goes meanwhile is nothing."""
    try:
        if path.is_symlink() or not path.is_dir():
            return path.lstat().st_size
    except FileNotFoundError:
        return 0
    return sum(
        _size(Path(folder) / name)
        for folder, _, names in os.walk(path)
        for name in names
    )
