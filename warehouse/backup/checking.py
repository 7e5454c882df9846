"""Whether a backup is whole: each file against the list, the archive against itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from warehouse.backup.manifest import Backup, secret_digests
from warehouse.database import attach, row_counts, session
from warehouse.identity.own_key import key_fault
from warehouse.publication import Finding
from warehouse.publication.archive_faults import archive_faults, block_faults
from warehouse.publication.release import MARTS, RESTRICTED, file_sha256
from warehouse.publication.verify import kept_sizes
from warehouse.settings import Settings

_ANOTHER = (
    "Make a new backup with `clientele backup`; to restore, take another (`--backup`)."
)
Read = Callable[[Path], None]
"""Hears of each file that was read whole."""


def verify_backup(
    settings: Settings,
    backup: Backup,
    *,
    deep: bool = False,
    on_read: Read = lambda file: None,
) -> list[Finding]:
    """Hold a backup against its own list, and its archive against itself.

    Args:
        settings: Threads, memory and temporary space; nothing of its home is read.
        backup: Which backup.
        deep: True to read every block of every database too.
        on_read: Hears of each file that was read, for who shows how far it is.

    Returns:
        What was found; nothing when all is well.
    """
    settings.places.prepare()
    findings = [*_files(backup, on_read), *_secrets(backup)]
    if findings:
        return findings
    places = backup.places
    findings = archive_faults(
        settings, places.archive, kept_sizes(places.deliveries), mend=_ANOTHER
    )
    if not findings:
        findings += _contents(settings, backup)
    if deep:
        for file in _databases(backup):
            findings += block_faults(settings, file, mend=_ANOTHER)
            on_read(file)
    return findings


def _files(backup: Backup, on_read: Read) -> Iterator[Finding]:
    for name, facts in backup.files.items():
        file = backup.folder / name
        if not file.is_file():
            yield Finding("a file of the backup is missing", str(file), _ANOTHER)
            continue
        if file_sha256(file) != facts.sha256:
            yield Finding(
                "a file of the backup is not as it was written", str(file), _ANOTHER
            )
        on_read(file)


def _secrets(backup: Backup) -> Iterator[Finding]:
    folder = backup.places.secrets
    if backup.secrets and secret_digests(folder) != backup.secrets:
        yield Finding("the secrets are not as they were", str(folder), _ANOTHER)
    elif backup.secrets and folder.stat().st_mode & 0o077:
        yield Finding(
            "others than the owner can read the secrets",
            str(folder),
            f"chmod 700 {folder}",
        )


def _contents(settings: Settings, backup: Backup) -> Iterator[Finding]:
    places = backup.places
    try:
        with session(settings) as connection:
            attach(connection, places.archive, alias="archive")
            rows = row_counts(connection, "archive")
        fault = key_fault(settings, places.archive, places.secrets)
    except duckdb.Error as error:
        yield Finding(
            f"the archive cannot be read: {error}", str(places.archive), _ANOTHER
        )
        return
    if rows != backup.rows:
        yield Finding(
            "the archive holds other rows than it did", str(places.archive), _ANOTHER
        )
    if fault and backup.secrets:
        yield Finding(fault.what, fault.where, _ANOTHER)


def _databases(backup: Backup) -> list[Path]:
    return [
        backup.folder / name
        for name in backup.files
        if Path(name).name in (MARTS, RESTRICTED, backup.places.archive.name)
    ]
