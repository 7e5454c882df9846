"""How a backup is made: beside the earlier ones, then given its name in one step.

What never changes once it is there, delivered bytes and releases, is copied first,
while a night may run. Only for the archive, and what came meanwhile, does the backup
take its turn with the one writer; a night that is to start just then is refused, so it
is short. Whenever the process dies, no folder has the name of a backup that is not one.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from warehouse import sealing
from warehouse.backup.copying import (
    READ_ONLY,
    Copier,
    Hear,
    assert_room,
    flush_folders,
    remove_folder,
    telling,
)
from warehouse.backup.gathering import ARCHIVE, Wanted, gather
from warehouse.backup.manifest import (
    Backup,
    backups,
    note_backup,
    numbered,
    secret_digests,
)
from warehouse.backup.thinning import REMOVED, thin
from warehouse.clock import Clock
from warehouse.company import Company
from warehouse.database import attach, row_counts, session
from warehouse.errors import ClienteleError, WrongUseError
from warehouse.flushing import flush
from warehouse.publication.archive_faults import block_faults
from warehouse.publication.release import MANIFEST
from warehouse.settings import Settings

_BUILDING = ".building"
_TRY_AGAIN = (
    "See that the folder is there, may be written, and has room; then run "
    "`clientele backup` again. Earlier backups are as they were."
)
_DAMAGED = (
    "`clientele verify` lists all damage; a file that an earlier backup has can be "
    "copied back from there."
)
_DAMAGED_ARCHIVE = (
    "Run `clientele verify --deep`; if it is damaged, restore the last backup. Nothing "
    "was added to the backups."
)


@dataclass(frozen=True)
class MadeBackup:
    """A backup, and what making it took.

    Attributes:
        copied_bytes: Bytes that were written.
        linked_bytes: Bytes that an earlier backup had already.
        seconds_locked: For how long no night could start.
        removed: Earlier backups that the policy does not keep.
    """

    backup: Backup
    copied_bytes: int
    linked_bytes: int
    seconds_locked: float
    removed: list[str]


def back_up(
    settings: Settings,
    company: Company,
    folder: Path,
    *,
    clock: Clock,
    with_secrets: bool = True,
    with_releases: bool = True,
    wait_seconds: float = 0,
    hear: Hear = lambda message: None,
) -> MadeBackup:
    """Copy all of a company that could not be made again.

    Args:
        settings: Whose home.
        company: What it states about itself, its policy of retention with it.
        folder: Where backups are kept, best on another disk.
        clock: Tells when it was made.
        with_secrets: False to leave out the id key, which is then to be kept apart.
        with_releases: False to leave out what readers open; a night makes it again.
        wait_seconds: How long to wait for a night to end.
        hear: Hears how far it is.

    Raises:
        WrongUseError: There is nothing to back up, or the folder lies in the home.
        ClienteleError: There is no room, another process writes, or a file is damaged.
    """
    wanted = Wanted(settings, company, with_secrets, with_releases)
    place = _place(settings, folder)
    with telling(place, mend=_TRY_AGAIN), _alone(place):
        _sweep(place)
        building = place / f"b-{_next_number(place):06d}{_BUILDING}"
        copier = _copier(wanted, building, hear)
        try:
            gathered = gather(wanted, copier, wait_seconds=wait_seconds)
            backup = _close(settings, copier, clock, gathered.release)
        except BaseException:
            remove_folder(building)
            raise
        removed = thin(place.parent, settings.company, company.retention.backups)
    note_backup(settings, backup)
    return MadeBackup(
        backup,
        copier.copied_bytes,
        copier.linked_bytes,
        gathered.seconds_locked,
        removed,
    )


def _place(settings: Settings, folder: Path) -> Path:
    """Return where the company's backups lie in a folder."""
    if not settings.places.archive.is_file():
        raise WrongUseError(
            "there is nothing to back up",
            where=str(settings.places.archive),
            mend="Run `clientele night` first, or name the home with CLIENTELE_HOME.",
        )
    place = (folder / settings.company).resolve()
    root = settings.places.root.resolve()
    if place.is_relative_to(root):
        raise WrongUseError(
            "the backup would lie in what it is a backup of",
            where=str(place),
            mend=f"Choose a folder outside {root}, best on another disk.",
        )
    return place


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Keep other backups out of the folder, and others' eyes out of what is made."""
    umask = os.umask(0o027)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / "backup.lock", timeout=0, mode=0o640):
            yield
    except Timeout as error:
        raise ClienteleError(
            "another backup is being made in this folder",
            where=str(place),
            mend="Wait until it has ended.",
        ) from error
    finally:
        os.umask(umask)


def _sweep(place: Path) -> None:
    """Remove what a killed run left; never a backup."""
    for suffix in (_BUILDING, REMOVED):
        for left in place.glob(f"b-*{suffix}"):
            remove_folder(left)


def _next_number(place: Path) -> int:
    return max((numbered(path.name) for path in place.iterdir()), default=0) + 1


def _copier(wanted: Wanted, building: Path, hear: Hear) -> Copier:
    """Return who copies, after having seen that there is room for it."""
    company = wanted.settings.company
    earlier = backups(building.parents[1], company)[-1:]
    known = earlier[0].files if earlier else {}
    sizes = wanted.sizes()
    fresh = [size for name, size in sizes.items() if name not in known]
    again = sizes[ARCHIVE] if ARCHIVE in known else 0
    assert_room(building.parent, sum(fresh) + again)
    building.mkdir(mode=0o750)
    return Copier(
        building,
        total=sum(sizes.values()),
        hear=hear,
        mend=_DAMAGED,
        earlier=known,
        earlier_folder=earlier[0].folder if earlier else None,
    )


def _close(
    settings: Settings, copier: Copier, clock: Clock, release: str | None
) -> Backup:
    """Write the list of files and give the folder its name."""
    building = copier.folder
    rows, last_load_id = _look_into(settings, building / ARCHIVE)
    backup = Backup(
        backup=building.name.removesuffix(_BUILDING),
        company=settings.company,
        made_at=clock.now(),
        product_version=version("clientele"),
        duckdb_version=duckdb.__version__,
        last_load_id=last_load_id,
        release=release,
        rows=rows,
        secrets=secret_digests(building / "secrets"),
        files=dict(sorted(copier.files.items())),
        folder=building.with_name(building.name.removesuffix(_BUILDING)),
    )
    listed = building / MANIFEST
    listed.write_bytes(sealing.seal(backup.model_dump(mode="json")))
    listed.chmod(READ_ONLY)
    flush(listed)
    flush_folders(building)
    building.rename(backup.folder)
    flush(backup.folder.parent)
    return backup


def _look_into(settings: Settings, archive: Path) -> tuple[dict[str, int], int]:
    """Read the whole copy of the archive: return its tables' rows, and its last load.

    No digest of it is known, so DuckDB holds each block against its checksum.

    Raises:
        ClienteleError: It cannot be read.
    """
    for fault in block_faults(settings, archive, mend=_DAMAGED_ARCHIVE):
        raise ClienteleError(
            fault.what, where=str(settings.places.archive), mend=fault.mend
        )
    try:
        with session(settings) as connection:
            attach(connection, archive, alias="archive")
            rows = row_counts(connection, "archive")
            if "ledger.load" not in rows:
                return rows, 0
            [[last]] = connection.execute(
                "select coalesce(max(load_id), 0) from archive.ledger.load"
            ).fetchall()
            return rows, int(last)
    except duckdb.Error as error:
        raise ClienteleError(
            f"the archive cannot be read: {error}",
            where=str(settings.places.archive),
            mend=_DAMAGED_ARCHIVE,
        ) from error
