"""What belongs into a backup, brought together while nobody writes it.

The archive, the delivered bytes, the releases, what lies in landing and is not done
with, the truth that results are measured by, and the secrets. Not the work database,
logs and Dagster's storage: they follow from the rest, or look back only.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from warehouse.backup.copying import Copier, copy_secrets
from warehouse.company import Company
from warehouse.database import session
from warehouse.errors import ClienteleError
from warehouse.locking import one_writer
from warehouse.publication.release import (
    MANIFEST,
    current_folder,
    read_release,
    releases_in,
)
from warehouse.receiving.settled import open_files
from warehouse.settings import Settings

ARCHIVE = "archive.duckdb"
QUOTED = "quoted"
"""Folder of files whose names are no text, each under its name as a URL has it."""
_SHA256 = re.compile(r"^[0-9a-f]{64}$")

Named = tuple[str, Path, str | None]
"""The name in the backup, the file, and its sha256 where that is known."""


@dataclass(frozen=True)
class Wanted:
    """What is to be backed up."""

    settings: Settings
    company: Company
    with_secrets: bool
    with_releases: bool

    def sizes(self) -> dict[str, int]:
        """Return the files that are known beforehand, with their bytes."""
        places = self.settings.places
        found = {name: file.stat().st_size for name, file, _ in self.unchanging()}
        return found | {ARCHIVE: places.archive.stat().st_size}

    def unchanging(self) -> Iterator[Named]:
        """Name what is never changed again once it is there.

        Raises:
            ClienteleError: The manifest of a release is damaged.
        """
        yield from _delivered(self.settings)
        if self.with_releases:
            yield from _released(self.settings)


@dataclass(frozen=True)
class Gathered:
    """What was found while nobody wrote.

    Attributes:
        release: The release that `current` led to.
        seconds_locked: For how long no night could start.
    """

    release: str | None
    seconds_locked: float


def gather(wanted: Wanted, copier: Copier, *, wait_seconds: float) -> Gathered:
    """Bring everything into the folder of the copier.

    Raises:
        ClienteleError: Another process goes on writing, or a file is damaged.
    """
    settings = wanted.settings
    # What fails here was removed meanwhile, or fails again below.
    with suppress(FileNotFoundError, ClienteleError):
        _take_all(copier, wanted.unchanging())

    def tell(holder: str, seconds: float) -> None:
        copier.hear(f"waiting for process {holder} to end, {seconds:,.0f} s so far")

    with one_writer(settings, wait_seconds=wait_seconds, on_wait=tell):
        started = time.monotonic()
        _fold_log(settings)
        copier.take(ARCHIVE, settings.places.archive)
        current = list(wanted.unchanging())
        _take_all(copier, current)
        _forget_pruned(copier, {name for name, _, _ in current})
        _take_all(copier, _waiting(wanted))
        if wanted.with_secrets:
            copy_secrets(settings.places.secrets, copier.folder / "secrets")
        release = current_folder(settings) if wanted.with_releases else None
        seconds = time.monotonic() - started
    return Gathered(release.name if release else None, seconds)


def _take_all(copier: Copier, files: Iterator[Named] | list[Named]) -> None:
    for name, file, sha256 in files:
        copier.take(name, file, sha256)


def _delivered(settings: Settings) -> Iterator[Named]:
    for file in sorted(settings.places.deliveries.iterdir()):
        if _SHA256.match(file.name):
            yield f"archive/{file.name}", file, file.name


def _released(settings: Settings) -> Iterator[Named]:
    for folder in releases_in(settings.places.published):
        below = f"published/{folder.name}"
        for name, facts in read_release(folder).files.items():
            yield f"{below}/{name}", folder / name, facts.sha256
        yield f"{below}/{MANIFEST}", folder / MANIFEST, None


def _waiting(wanted: Wanted) -> Iterator[Named]:
    """Name the files of landing that are not done with, and the truth."""
    places = wanted.settings.places
    for file in open_files(wanted.settings, wanted.company):
        yield named(file.relative_to(places.root)), file, None
    truth = wanted.company.truth_file(wanted.settings)
    if truth and truth.is_file():
        yield truth.relative_to(places.root).as_posix(), truth, None


def named(path: Path) -> str:
    """Return the name in a backup of a file, whatever bytes its own is made of."""
    try:
        path.as_posix().encode()
    except UnicodeEncodeError:
        return f"{QUOTED}/{quote(os.fsencode(path))}"
    return path.as_posix()


def placed(name: str) -> Path:
    """Return the path within a home that a name in a backup stands for."""
    if name.startswith(f"{QUOTED}/"):
        return Path(os.fsdecode(unquote_to_bytes(name.removeprefix(f"{QUOTED}/"))))
    return Path(name)


def _forget_pruned(copier: Copier, current: set[str]) -> None:
    """Take out what a night removed after it was copied: releases of before."""
    for name in list(copier.files):
        if name.startswith("published/") and name not in current:
            copier.drop(name)


def _fold_log(settings: Settings) -> None:
    """Write what a killed night left in the log of the archive into the archive."""
    archive = settings.places.archive
    if archive.with_name(f"{archive.name}.wal").exists():
        with session(settings, write=archive, alias="archive") as connection:
            connection.execute("checkpoint archive")
