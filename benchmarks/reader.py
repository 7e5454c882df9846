"""A reader of a dashboard: opens the current release, asks, closes, waits, and again.

Run as a process of its own, `reader.py STOP PAUSE`, until a file of the name STOP
appears; PAUSE is in seconds. After a first look, which is not counted, it makes a file
of that name and its process, to say that it has begun. Prints, as one line of JSON, how
long each look took, what went wrong, and the releases that were seen, in their order.
"""

import json
import os
import sys
import time
from itertools import cycle
from pathlib import Path
from string import Template

from slices import SLICES

from warehouse.errors import ClienteleError
from warehouse.publication.reading import open_release
from warehouse.publication.release import current_release
from warehouse.settings import Settings


def look(settings: Settings, name: str) -> str:
    """Ask what a page asks of an aggregate, and return the release that was there."""
    release = current_release(settings)
    table = f"aggregates.{name}"
    with open_release(settings) as connection:
        sql = Template(SLICES[name]).substitute(table=table, aggregate=table)
        connection.sql(sql).fetchall()
    return release.release if release else ""


def main(stop: Path, pause: float) -> None:
    """Look until told to stop."""
    settings = Settings(threads=1)
    taken, errors, seen = [], [], []
    look(settings, next(iter(SLICES)))
    stop.with_suffix(f".{os.getpid()}").touch()
    for name in cycle(SLICES):
        if stop.exists():
            break
        started = time.perf_counter()
        try:
            seen.append(look(settings, name))
        except ClienteleError as error:
            errors.append(str(error))
        taken.append(round(time.perf_counter() - started, 5))
        time.sleep(pause)
    print(json.dumps({"taken": taken, "errors": errors, "seen": seen}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
