"""Which release the next one may build upon, and how its files are carried over.

They are copied, byte by byte, and held against their digest on the way: damage never
goes from release to release, and who has the one before open never sees the next.
Where nothing may be carried over, they are written whole.
"""

import fcntl
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import duckdb

from warehouse.errors import ClienteleError
from warehouse.flushing import flush
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


def release_to_carry(settings: Settings) -> Release | None:
    """Return the newest release, if it is whole and none after it was held."""
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
    return None if was_held else release


def carry(release: Release, target: Path) -> bool:
    """Copy a file of a release, by sharing blocks where the file system can.

    Returns:
        Whether the copy is what the manifest says.
    """
    before = release.folder / target.name
    with before.open("rb") as source, target.open("xb") as copied:
        is_shared = _cloned(source, copied)
    if not is_shared:
        shutil.copyfile(before, target)
    is_sound = file_sha256(target) == release.files[target.name].sha256
    flush(target)
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


def loses(release: Release, tables: Sequence[Table]) -> bool:
    """Return whether a table or column leaves a file, as one that is personal by now.

    It is to leave with all its bytes: such a release is not built upon.
    """
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
