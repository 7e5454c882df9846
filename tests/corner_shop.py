"""What the corner shop delivers: four business dates in which everything happens.

Its desk sends the whole list of members and the day's sales, its web shop the profiles
that changed.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from house import House
from night_world import Nights, open_company

MEMBERS = "member,name,email,city\n"
SALES = "receipt,line,member,sold_at,quantity,amount\n"
PROFILES = "profile,name,email,city\n"

ANN = "1,Ann Lee,ann@example.com,Berlin\n"
BO = "2,Bo Ek,bo@example.com,Bonn\n"
CY = "3,Cy Poe,cy@example.com,Ulm\n"
GUS = "4,Gus Orr,gus@example.com,Kiel\n"

DELIVERIES: Mapping[str, Mapping[str, str]] = {
    "2026-01-05": {
        "members.csv": MEMBERS + ANN + CY,
        "sales.csv": SALES
        + "r1,1,1,2026-01-05 10:00:00,1,12.50\n"
        + "r2,1,4,2026-01-05 11:00:00,2,5.00\n",
        "profiles.csv": PROFILES
        + "w1,Dee Fox,dee@example.com,Rome\n"
        + "w2,Bo Ek,bo@elsewhere.example,Bonn\n",
    },
    "2026-01-06": {
        "members.csv": MEMBERS + ANN + BO + GUS,
        "sales.csv": SALES
        + "r3,1,3,2026-01-05 09:00:00,1,7.00\n"
        + "r4,1,2,2026-01-06 12:00:00,1,20.00\n"
        + "r5,1,3,2026-01-06 12:30:00,1,8.00\n",
        "profiles.csv": "profile,name\nw1,Dee Fox Hall\n",
    },
    "2026-01-07": {
        "members.csv": MEMBERS + ANN.replace("Berlin", "Potsdam") + BO + GUS,
        "profiles.csv": "profile,email,city\n"
        + "w1,dee@example.com,\n"
        + "w2,bo@example.com,Bonn\n",
    },
    "2026-01-08": {
        "sales.csv": SALES + "r6,1,2,2026-01-08 12:00:00,3,9.99\n",
    },
}
WRITTEN = datetime(2026, 1, 31, tzinfo=UTC).timestamp()
LATE = "2026-01-06", "profiles-late.csv", "profile,city\nw1,Paris\n"
"""Comes after the nights of all dates, and belongs to the second of them."""


def deliver(house: House, dates: Iterable[str]) -> None:
    """Lay the deliveries of the dates where they wait."""
    for each in dates:
        for name, content in DELIVERIES[each].items():
            file = house.deliver(each, name, content)
            os.utime(file, (WRITTEN, WRITTEN))


def deliver_late(house: House) -> None:
    """Lay the late file where it waits."""
    os.utime(house.deliver(*LATE), (WRITTEN, WRITTEN))


def open_corner(folder: Path) -> Nights:
    """Open the corner shop in a folder that may already hold it."""
    return open_company(folder, "tiny", "corner")


Once = Callable[[str, Callable[[Path], None]], Path]


def made_at_once(once: Once) -> Nights:
    """Return the shop after one run over all dates; tests only read it."""

    def make(folder: Path) -> None:
        house = open_corner(folder)
        deliver(house, DELIVERIES)
        house.night()

    return open_corner(once("corner_at_once", make))


def made_corrected(once: Once) -> Nights:
    """Return the shop after that run and a night of the late file; tests only read."""
    at_once = made_at_once(once)

    def make(folder: Path) -> None:
        shutil.copytree(at_once.settings.home, folder / "home", symlinks=True)
        house = open_corner(folder)
        deliver_late(house)
        house.night()

    return open_corner(once("corner_corrected", make))
