"""How a backup comes back: built beside the home, held against its list, put there.

A home that holds data is moved aside and never removed. What was delivered there since
and still lies in landing comes along, and waits for the next night. Nothing that
follows from the rest is made here: the next night builds the work database.
"""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from filelock import FileLock

from warehouse.backup.copying import (
    Copier,
    Hear,
    assert_room,
    copy_secrets,
    flush_folders,
    remove_folder,
    telling,
)
from warehouse.backup.gathering import placed
from warehouse.backup.manifest import Backup, note_backup, secret_digests
from warehouse.database import attach, row_counts, session
from warehouse.errors import ClienteleError, WrongUseError
from warehouse.homes import finish, on_its_way, take_place
from warehouse.identity.ids import KEY_FILE
from warehouse.identity.own_key import key_fault
from warehouse.locking import one_writer
from warehouse.publication.release import MANIFEST
from warehouse.receiving.ledger_copy import copy_ledger
from warehouse.settings import Places, Settings

_ANOTHER = "Take another backup (`--backup`). The home is as it was."
_TRY_AGAIN = "The home is as it was. See that it may be written and has room."


@dataclass(frozen=True)
class Restored:
    """What was brought back.

    Attributes:
        root: The company's folder in the home.
        aside: Where what lay there before is now; none when there was nothing.
        has_key: Whether the id key is there.
    """

    backup: Backup
    root: Path
    aside: Path | None
    has_key: bool


def restore(
    settings: Settings,
    backup: Backup,
    *,
    secrets: Path | None = None,
    replace: bool = False,
    hear: Hear = lambda message: None,
) -> Restored:
    """Bring a backup back into a home.

    Args:
        settings: Whose home; its company is the one that was backed up.
        backup: What to bring back.
        secrets: Folder of the secrets, where they were kept apart.
        replace: True to move aside a home that holds data.
        hear: Hears how far it is.

    Raises:
        WrongUseError: The home holds data, or the key given is another one.
        ClienteleError: The backup is damaged, there is no room, or a night is running.
    """
    root = settings.places.root
    finish(root)
    if _holds_data(settings.places) and not replace:
        raise WrongUseError(
            "the home holds data already",
            where=str(root),
            mend="Say `--replace` to move it aside, or restore elsewhere with `--to`.",
        )
    _assert_complete(backup)
    assert_room(root, backup.bytes)
    beside = settings.model_copy(update={"company": f".{root.name}.restoring"})
    made = beside.places
    with ExitStack() as held, telling(root, mend=_TRY_AGAIN), one_writer(settings):
        _sweep(root, made.root)
        try:
            made.prepare()
            _fill(backup, made, hear)
            copy_secrets(secrets or backup.places.secrets, made.secrets)
            _assert_as_it_was(beside, backup, is_given=secrets is not None)
            copy_ledger(beside)
            _take_along(settings.places.landing, made.landing)
            note_backup(beside, backup)
            flush_folders(made.root)
        except BaseException:
            remove_folder(made.root)
            raise
        # The lock that is held goes aside with its folder: hold that of the new one.
        held.enter_context(FileLock(made.lock, timeout=0, mode=0o640))
        aside = _switch(settings.places, made.root, backup.backup)
    has_key = (settings.places.secrets / KEY_FILE).exists()
    return Restored(backup, root, aside, has_key)


def _holds_data(places: Places) -> bool:
    folders = (places.deliveries, places.published, places.secrets)
    return places.archive.exists() or any(
        folder.is_dir() and any(folder.iterdir()) for folder in folders
    )


def _assert_complete(backup: Backup) -> None:
    """Look for files that are missing or cut, before anything is copied."""
    for name, facts in backup.files.items():
        file = backup.folder / name
        if not file.is_file() or file.stat().st_size != facts.bytes:
            raise _damaged("a file of the backup is missing or cut", file)
    if backup.secrets and secret_digests(backup.places.secrets) != backup.secrets:
        raise _damaged("the secrets are not as they were", backup.places.secrets)


def _fill(backup: Backup, places: Places, hear: Hear) -> None:
    copier = Copier(places.root, backup.bytes, hear, mend=_ANOTHER, mode=0o640)
    for name, facts in backup.files.items():
        where = placed(name).as_posix()
        copier.take(where, backup.folder / name, facts.sha256)
    for manifest in places.published.glob(f"r-*/{MANIFEST}"):
        for file in manifest.parent.iterdir():
            file.chmod(0o440)
        manifest.parent.chmod(0o550)
    if backup.release:
        places.current.symlink_to(backup.release)


def _assert_as_it_was(beside: Settings, backup: Backup, *, is_given: bool) -> None:
    """Hold what was brought back against what was written down about it."""
    places = beside.places
    with session(beside) as connection:
        attach(connection, places.archive, alias="archive")
        rows = row_counts(connection, "archive")
    if rows != backup.rows:
        raise _damaged("the archive holds other rows than it did", places.archive)
    if not (places.secrets / KEY_FILE).exists():
        return
    fault = key_fault(beside, places.archive, places.secrets)
    if fault and is_given:
        raise fault
    if fault:
        raise _damaged("the key of the backup is not its own", backup.places.secrets)


def _take_along(old: Path, new: Path) -> None:
    """Copy what lies in the landing folder of before and not in the new one.

    Raises:
        ClienteleError: A file changed while it was copied.
    """
    taken = {}
    for file in sorted(old.rglob("*")):
        copy = new / file.relative_to(old)
        if file.is_file() and not file.is_symlink() and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            taken[file] = _look(file)
            shutil.copy2(file, copy)
    for file, look in taken.items():
        if _look(file) != look:
            raise ClienteleError(
                "a delivered file is still being written",
                where=str(file),
                mend="The home is as it was. Restore again once the file is written.",
            )


def _look(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns


def _emptied(root: Path) -> Path:
    """Return where a home lies that held nothing, until it is removed."""
    return root.with_name(f".{root.name}.emptied")


def _sweep(root: Path, made: Path) -> None:
    """Remove what a killed restore left beside the home; nothing that held data.

    What was whole goes back to being built first: half removed it is whole no more.
    """
    if made.exists():
        remove_folder(made)
    if on_its_way(root).exists():
        on_its_way(root).rename(made)
        remove_folder(made)
    if _emptied(root).exists():
        remove_folder(_emptied(root))


def _switch(places: Places, made: Path, name: str) -> Path | None:
    """Put what was made in the place of what was there; return where that is now."""
    root = places.root
    names = (f"{root.name}.before-{name}.{number}" for number in count(1))
    aside = next(path for path in map(root.with_name, names) if not path.exists())
    had_data = _holds_data(places) or any(
        path.is_file() for path in places.landing.rglob("*")
    )
    if had_data:
        take_place(made, root, aside=aside)
        return aside
    take_place(made, root, aside=_emptied(root))
    remove_folder(_emptied(root))
    return None


def _damaged(what: str, where: Path) -> ClienteleError:
    return ClienteleError(
        what,
        where=str(where),
        mend=_ANOTHER,
    )
