"""Looking for damage: in the releases, the delivered bytes, the archive and its key.

Nothing is mended here. Each finding says what is wrong, where, and what to do. What the
archive says of itself is in `warehouse.publication.archive_faults`; a backup is looked
at by `warehouse.backup.checking`.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from warehouse.errors import ClienteleError
from warehouse.locking import one_writer
from warehouse.publication.archive_faults import (
    Finding,
    archive_faults,
    block_faults,
    copy_faults,
)
from warehouse.publication.release import (
    Release,
    current_folder,
    file_sha256,
    read_release,
    release_folders,
)
from warehouse.settings import Settings

_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_PUBLISH_ANEW = (
    "Go back with `clientele rollback` if it is the current one, remove its folder "
    "(`chmod -R u+w` it first), and run `clientele night`, which publishes anew."
)
_RESTORE = "Restore it from a backup, then run `clientele verify` again."
_BUILD_ANEW = "Remove the file; the next `clientele night` builds it anew."
_COPY_ANEW = "Remove the file; the next `clientele night` makes it anew."

Read = Callable[[Path], None]
"""Hears of each file that was read whole."""


def verify(
    settings: Settings,
    *,
    deep: bool = False,
    on_read: Read = lambda file: None,
) -> list[Finding]:
    """Hold everything that is kept against what was written down about it.

    Args:
        settings: Whose places to look through.
        deep: True to read every block of every database too.
        on_read: Hears of each file that was read, for who shows how far it is.

    Returns:
        What was found; nothing when all is well.

    Raises:
        ClienteleError: A night is running, which writes the archive.
    """
    places = settings.places
    with one_writer(settings):
        findings = [
            *_current(settings),
            *_releases(settings, on_read, deep=deep),
            *damaged_deliveries(places.deliveries, on_read, mend=_RESTORE_BYTES),
        ]
        if places.archive.is_file():
            findings += _archive(settings, on_read, deep=deep)
        elif release_folders(settings):
            findings.append(
                Finding("there is no archive", str(places.archive), _RESTORE)
            )
        if deep and places.work.is_file():
            findings += block_faults(settings, places.work, mend=_BUILD_ANEW)
            on_read(places.work)
    return findings


_RESTORE_BYTES = f"{_RESTORE} The rows already loaded are not touched by it."


def damaged_deliveries(folder: Path, on_read: Read, *, mend: str) -> Iterator[Finding]:
    """Hold each delivered file in a folder against its name, which is its sha256."""
    for file in delivered_files(folder):
        if file_sha256(file) != file.name:
            yield Finding("delivered bytes are not what they were", str(file), mend)
        on_read(file)


def delivered_files(folder: Path) -> list[Path]:
    """List the delivered files that are kept in a folder."""
    return sorted(path for path in folder.rglob("*") if _SHA256.match(path.name))


def kept_sizes(folder: Path) -> dict[str, int]:
    """Return the bytes of each delivered file in a folder, by its sha256."""
    return {file.name: file.stat().st_size for file in delivered_files(folder)}


def _current(settings: Settings) -> Iterator[Finding]:
    current = current_folder(settings)
    complete = release_folders(settings)
    if current is not None and current not in complete:
        yield Finding(
            "`current` leads to no complete release", str(current), _PUBLISH_ANEW
        )
    if current is None and complete:
        yield Finding(
            "there are releases, but none is current",
            str(settings.places.current),
            "Choose one with `clientele rollback --to NAME`.",
        )


def _releases(settings: Settings, on_read: Read, *, deep: bool) -> Iterator[Finding]:
    for folder in release_folders(settings):
        try:
            release = read_release(folder)
        except ClienteleError as error:
            yield Finding(error.what, error.where, _PUBLISH_ANEW)
            continue
        yield from _release_files(release, on_read)
        if deep:
            for file in (release.marts, release.restricted):
                yield from block_faults(settings, file, mend=_PUBLISH_ANEW)
                on_read(file)


def _release_files(release: Release, on_read: Read) -> Iterator[Finding]:
    for name, facts in release.files.items():
        file = release.folder / name
        if not file.is_file():
            yield Finding("a file of a release is missing", str(file), _PUBLISH_ANEW)
            continue
        if file_sha256(file) != facts.sha256:
            yield Finding(
                "a file of a release is not as it was written", str(file), _PUBLISH_ANEW
            )
        on_read(file)


def _archive(settings: Settings, on_read: Read, *, deep: bool) -> list[Finding]:
    places = settings.places
    kept = kept_sizes(places.deliveries)
    findings = archive_faults(settings, places.archive, kept, mend=_RESTORE)
    if not findings:
        findings += _key(settings)
        if places.ledger_copy.is_file():
            findings += copy_faults(
                settings, places.archive, places.ledger_copy, mend=_COPY_ANEW
            )
    if deep:
        findings += block_faults(settings, places.archive, mend=_RESTORE)
        on_read(places.archive)
    return findings


def _key(settings: Settings) -> Iterator[Finding]:
    # Here, since who only reads a release is not to load the matching of records.
    from warehouse.identity.own_key import key_fault

    places = settings.places
    fault = key_fault(settings, places.archive, places.secrets)
    if fault:
        yield Finding(fault.what, fault.where, fault.mend)
