"""Which release the next one may build upon, and how its files are carried over.

They are copied, byte by byte, and held against their digest on the way: damage never
goes from release to release, and who has the one before open never sees the next.
Where nothing may be carried over, they are written whole.
"""

import fcntl
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import duckdb

from warehouse.errors import ClienteleError
from warehouse.publication.plan import Table
from warehouse.publication.release import (
    HELD,
    Release,
    assert_complete,
    file_sha256,
    read_release,
    release_folders,
    release_number,
)
from warehouse.settings import Settings

LOOSE_PART = 4
"""A file of which more than this part of the blocks is free is not carried on."""
DEEP_EVERY = 30
"""So often all rows are proved, and the names of persons written whole."""
_FICLONE = 0x40049409
"""Asks Linux for a file that shares its blocks until either is written."""
_CHUNK = 16 * 1024 * 1024


def release_to_carry(settings: Settings, tables: Sequence[Table]) -> Release | None:
    """Return the newest release, if the next may build upon it.

    A column that leaves a file is to leave it with all its bytes, be it that it is
    personal by now: a release that has more is not built upon. Nor is one that is
    damaged, or after which another was held.

    Args:
        settings: Whose releases.
        tables: What is to be published.
    """
    folders = release_folders(settings)
    if not folders:
        return None
    try:
        release = read_release(folders[-1])
        assert_complete(release)
    except ClienteleError:
        return None
    was_held = any(
        release_number(folder.name) > release.number
        for folder in settings.places.published.glob(f"r-*{HELD}")
    )
    return None if was_held or _loses(release, tables) else release


def carry(release: Release, target: Path) -> bool:
    """Copy a file of a release, by sharing blocks where the file system can.

    Returns:
        Whether it is what the manifest says; if not, there is no copy.
    """
    before = release.folder / target.name
    with before.open("rb") as source, target.open("xb") as copied:
        digest = "" if _cloned(source, copied) else _copy(source, copied)
    is_sound = (digest or file_sha256(target)) == release.files[target.name].sha256
    if not is_sound:
        target.unlink()
    return is_sound


def is_deep(number: int) -> bool:
    """Return whether a release of such a number is not to lean on journals alone."""
    return number % DEEP_EVERY == 0


def is_loose(connection: duckdb.DuckDBPyConnection, alias: str) -> bool:
    """Return whether much of a database is blocks that nobody needs any more."""
    [[free, total]] = connection.execute(
        "select free_blocks, total_blocks from pragma_database_size() "
        "where database_name = ?",
        [alias],
    ).fetchall()
    return bool(free * LOOSE_PART > total)


def _loses(release: Release, tables: Sequence[Table]) -> bool:
    kept = {
        (table.full_name, is_public, column.name)
        for table in tables
        if not table.view
        for is_public, columns in ((True, table.public), (False, table.restricted))
        for column in columns
    }
    return any(
        (name, is_public, column) not in kept
        for name, facts in release.tables.items()
        if facts.rows is not None
        for is_public, columns in (
            (True, facts.columns),
            (False, facts.restricted_columns),
        )
        for column in columns
    )


def _cloned(source: BinaryIO, target: BinaryIO) -> bool:
    try:
        fcntl.ioctl(target.fileno(), _FICLONE, source.fileno())
    except OSError:
        return False
    return True


def _copy(source: BinaryIO, target: BinaryIO) -> str:
    """Copy all bytes, and return their digest."""
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()
