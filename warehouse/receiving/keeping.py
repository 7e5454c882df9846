"""The delivered bytes, kept for ever, each file named by its sha256."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from warehouse.errors import ClienteleError
from warehouse.settings import Places

_PIECE = 1 << 22
_EPOCH = datetime(1970, 1, 1)


class StillWrittenError(ClienteleError):
    """A delivered file changed or went while it was read; the next look decides."""


@dataclass(frozen=True)
class Kept:
    """The kept bytes of a delivery."""

    path: Path
    sha256: str
    byte_count: int


def modified_at(path: Path) -> datetime:
    """Return when a file was last written, naive UTC, in whole microseconds."""
    return moment_of(path.stat())


def moment_of(stat: os.stat_result) -> datetime:
    """Return when a file was last written, by what the system says of it."""
    return _EPOCH + timedelta(microseconds=stat.st_mtime_ns // 1000)


def sweep(places: Places) -> None:
    """Remove what a killed night left half copied."""
    for file in places.deliveries.glob(".incoming-*"):
        file.unlink()


def _copy(source: Path, target: int) -> tuple[str, int]:
    digest, byte_count = hashlib.sha256(), 0
    with source.open("rb") as file, os.fdopen(target, "wb") as copy:
        while piece := file.read(_PIECE):
            digest.update(piece)
            copy.write(piece)
            byte_count += len(piece)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest(), byte_count


def keep(source: Path, places: Places) -> Kept:
    """Copy a delivery's bytes to where they stay, atomically and durably.

    Args:
        source: The delivered file.
        places: Where the company's data lies.

    Raises:
        StillWrittenError: The file changed meanwhile, or is gone.
    """
    try:
        return _keep(source, places)
    except FileNotFoundError as error:
        if source.exists():
            raise
        raise StillWrittenError(
            "the file was taken away before it was read",
            where=source.name,
            mend="Nothing to do: when it is delivered again, a night receives it.",
        ) from error


def _keep(source: Path, places: Places) -> Kept:
    before = source.stat()
    descriptor, name = tempfile.mkstemp(dir=places.deliveries, prefix=".incoming-")
    incoming = Path(name)
    try:
        sha256, byte_count = _copy(source, descriptor)
        after = source.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise StillWrittenError(
                "the file is still being written",
                where=source.name,
                mend="Nothing to do: the next night receives it.",
            )
        path = places.deliveries / sha256
        if not path.exists():
            incoming.chmod(0o640)
            incoming.replace(path)
            folder = os.open(places.deliveries, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return Kept(path, sha256, byte_count)
    finally:
        incoming.unlink(missing_ok=True)
