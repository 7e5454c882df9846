"""Bits flipped in every kind of file: is it found, or is it served?

A flip counts as found when `verify --deep` names the file; as harmless when every row
of the file is still what it was, because the bit lay in space that nothing uses.
Anything else is corruption that is served.
"""

import random
import shutil
from argparse import Namespace
from pathlib import Path
from typing import Any

import duckdb
from publication_world import (
    SHA256,
    copy_settings,
    make_archive,
    make_settings,
    publish_world,
)

from faults import Say
from warehouse.database import attach, session
from warehouse.publication import verify
from warehouse.receiving import copy_ledger
from warehouse.settings import Settings

FILES = (
    *("archive.duckdb", "work.duckdb", "archive/ledger.duckdb", f"archive/{SHA256}"),
    *("published/r-000001/marts.duckdb", "published/r-000002/marts.duckdb"),
    *("published/r-000002/restricted.duckdb", "published/r-000002/MANIFEST.json"),
)
FLIPS = 20
"""Per kind of file."""


def make_house(folder: Path) -> Settings:
    """Return a house of two releases, with every kind of file."""
    settings = make_settings(folder)
    make_archive(settings)
    with session(settings, write=settings.places.archive) as connection:
        connection.execute(
            "create table checks.many as select hash(range) as many from range(100000)"
        )
    copy_ledger(settings)
    for load_id in (1, 2):
        publish_world(settings, last_load_id=load_id)
    return settings


def flip(file: Path, position: int, bit: int) -> None:
    """Flip one bit of a file."""
    file.chmod(0o640)
    with file.open("r+b") as stream:
        stream.seek(position)
        [byte] = stream.read(1)
        stream.seek(position)
        stream.write(bytes([byte ^ (1 << bit)]))


def rows(settings: Settings, file: Path) -> dict[str, Any]:
    """Return a digest of the rows of each table of a database."""
    with session(settings) as connection:
        attach(connection, file, alias="looked_at")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'looked_at' order by all"
        ).fetchall()
        return {
            name: connection.execute(
                "select count(*), bit_xor(hash(every)) "  # noqa: S608 - our own names
                f"from looked_at.{name} as every"
            ).fetchall()
            for (name,) in tables
        }


def what_becomes(
    sound: Settings, folder: Path, name: str, chance: random.Random
) -> str:
    """Flip a random bit of a copy of a house; return found, harmless or served."""
    settings = copy_settings(sound, folder)
    file = settings.places.root / name
    flip(file, chance.randrange(file.stat().st_size), chance.randrange(8))
    findings = verify(settings, deep=True)
    try:
        is_same = file.suffix == ".duckdb" and rows(settings, file) == rows(
            sound, sound.places.root / name
        )
    except duckdb.Error:
        is_same = False
    shutil.rmtree(folder)
    if any(name in finding.where for finding in findings):
        return "found"
    return "harmless" if is_same else "served"


def measure(root: Path, asked: Namespace, say: Say) -> dict[str, Any]:
    """Flip bits in every kind of file.

    Args:
        root: Where the houses lie.
        asked: `seed`.
        say: Who hears how far it is.
    """
    chance = random.Random(asked.seed)  # noqa: S311 - not a secret
    root.mkdir()
    sound = make_house(root / "sound")
    assert verify(sound, deep=True) == [], "the sound house has findings"
    files: dict[str, dict[str, int]] = {}
    for name in FILES:
        kind = name.replace(SHA256, "<sha256>")
        files[kind] = {"found": 0, "harmless": 0, "served": 0}
        for number in range(FLIPS):
            folder = root / f"flip-{number}"
            files[kind][what_becomes(sound, folder, name, chance)] += 1
        say(f"  {kind}: {files[kind]}")
    served = [kind for kind, counts in files.items() if counts["served"]]
    return {
        "injected": FLIPS * len(FILES),
        "cases": FLIPS * len(FILES),
        "files": files,
        "faults": [f"a flipped bit of {kind} is served" for kind in served],
    }
