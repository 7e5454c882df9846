"""A small house with all that a backup is of: loads, releases, a key, what waits."""

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from publication_world import publish_world
from receiving_world import GOOD, HEADER, PEOPLE, World, table

from warehouse.backup import MadeBackup, back_up
from warehouse.identity.ids import read_key
from warehouse.identity.own_key import customer_id

TUESDAY = date(2024, 1, 9)
WAITING = HEADER + b"9,Zoe,30,1990-01-01,1.50\n"


def make_house(folder: Path) -> World:
    """Make a house: two loads, two releases, an id, and a delivery that waits."""
    house = open_house(folder)
    house.receive(HEADER + GOOD, "people-1")
    house.receive(HEADER + b"3,Cy,30,1990-01-01,1.50\nbroken\n", "people-2")
    for load_id in (1, 2):
        publish_world(house.settings, last_load_id=load_id)
    key = read_key(house.settings.places.secrets, is_sample=False)
    with duckdb.connect(house.settings.places.archive) as connection:
        connection.execute(
            "insert into identity.minted values (?, 'crm', '1', 1, '2024-02-01')",
            [customer_id(key, "crm", "1")],
        )
    house.deliver(WAITING, "people-3", on=TUESDAY)
    return house


def open_house(folder: Path) -> World:
    """Open a house in a folder that may already hold one; it is no sample company."""
    contract = table(columns=PEOPLE, keys=["id"])
    house = World(folder, contract, threads=1, settle_seconds=0)
    house.company = house.company.model_copy(update={"is_sample": False})
    return house


def copy_house(made: World, folder: Path) -> World:
    """Copy a house, to go on from it apart."""
    shutil.copytree(made.folder, folder, symlinks=True, dirs_exist_ok=True)
    return open_house(folder)


def save(house: World, folder: Path, **options: Any) -> MadeBackup:  # noqa: ANN401
    """Back the house up into a folder."""
    return back_up(house.settings, house.company, folder, clock=house.clock, **options)


def contents(root: Path) -> dict[str, bytes]:
    """Return all files of a home that a backup is of, by their names."""
    kept = ("archive.duckdb", "archive/", "published/", "landing/", "secrets/")
    found = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.is_relative_to(root / "published" / "current")
    }
    return {
        name: data
        for name, data in found.items()
        if name.startswith(kept) and name != "archive/ledger.duckdb"
    }


def modes(root: Path) -> dict[str, str]:
    """Return what others than the owner may do with each file and folder."""
    return {
        path.relative_to(root).as_posix(): oct(path.stat().st_mode & 0o777)
        for path in [root, *root.rglob("*")]
        if not path.is_symlink()
    }


def flip(file: Path) -> None:
    """Turn one bit in the middle of a file."""
    file.chmod(0o640)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0b100
    times = file.stat()
    file.write_bytes(data)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
