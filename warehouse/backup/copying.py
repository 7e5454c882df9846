"""Files copied so that they are known to be whole: flushed, and the copy hashed.

What an earlier backup has already, and whole, is linked instead: it is read to know,
never written again.
"""

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from warehouse.errors import ClienteleError
from warehouse.flushing import flush
from warehouse.publication.release import FileFacts, file_sha256

Hear = Callable[[str], None]

PIECE = 1 << 24
READ_ONLY = 0o440
_CANNOT = (None, errno.ENOSYS, errno.EXDEV, errno.EINVAL, errno.EOPNOTSUPP)
"""Why the system does not copy by itself; without a number: it has no such call."""
_ROOM = 1.01
"""How much more than the files themselves a disk must have free."""


@dataclass
class Copier:
    """Brings files into a folder, one after the other, and keeps count.

    Args:
        folder: Where to.
        total: How many bytes there are to bring, as far as is known.
        hear: Hears how far it is.
        mend: What to do about a file that is not what it must be.
        mode: Mode of the files.
        earlier: Files that lie elsewhere on the same disk already, by name.
        earlier_folder: Where they lie.
    """

    folder: Path
    total: int
    hear: Hear
    mend: str
    mode: int = READ_ONLY
    earlier: dict[str, FileFacts] = field(default_factory=dict)
    earlier_folder: Path | None = None
    files: dict[str, FileFacts] = field(default_factory=dict)
    copied_bytes: int = 0
    linked_bytes: int = 0
    started: float = field(default_factory=time.monotonic)

    def take(self, name: str, source: Path, sha256: str | None = None) -> None:
        """Bring one file, unless it was brought before.

        Args:
            name: Its path within the folder.
            source: The file.
            sha256: What it must be, where that is known.

        Raises:
            ClienteleError: It is not what it must be.
        """
        if name in self.files:
            return
        target = self.folder / name
        target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        facts = self.earlier.get(name)
        if facts and facts.sha256 == sha256 and self._link(name, facts):
            self.files[name] = facts
            self.linked_bytes += facts.bytes
            self._tell(name)
            return
        found = self._copy(source, target)
        if sha256 and found.sha256 != sha256:
            target.unlink()
            raise ClienteleError(
                "a file is not what it was when it was written",
                where=str(source),
                mend=self.mend,
            )
        if facts == found and self._link(name, found):
            self.copied_bytes -= found.bytes
            self.linked_bytes += found.bytes
        self.files[name] = found

    def drop(self, name: str) -> None:
        """Take a file out again."""
        (self.folder / name).unlink()
        del self.files[name]

    def _link(self, name: str, facts: FileFacts) -> bool:
        """Give the file of before a second name; not when it is damaged or cannot."""
        if self.earlier_folder is None:
            return False
        before, target = self.earlier_folder / name, self.folder / name
        linked = target.with_name(f"{target.name}.linked")
        try:
            if file_sha256(before) != facts.sha256:
                return False
            os.link(before, linked)
        except OSError:
            return False
        linked.replace(target)
        return True

    def _copy(self, source: Path, target: Path) -> FileFacts:
        for count in _pour(source, target):
            self.copied_bytes += count
            self._tell(source.name)
        times = source.stat()
        os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
        target.chmod(self.mode)
        flush(target)
        return FileFacts(sha256=file_sha256(target), bytes=target.stat().st_size)

    def _tell(self, name: str) -> None:
        done = self.copied_bytes + self.linked_bytes
        seconds = max(time.monotonic() - self.started, 0.001)
        rate = self.copied_bytes / seconds / 1e6
        left = max(self.total - done, 0)
        self.hear(
            f"{name[:24]}: {done / 1e6:,.1f} of {self.total / 1e6:,.1f} MB, "
            f"{rate:,.0f} MB/s, {left / 1e6:,.1f} MB left"
        )


def _pour(source: Path, target: Path) -> Iterator[int]:
    """Copy a file and yield how many bytes, piece by piece.

    The system copies without a detour through this process where it can, which takes
    a third of the time; not between all kinds of disks.
    """
    with source.open("rb") as read, target.open("wb") as written:
        try:
            while count := os.copy_file_range(read.fileno(), written.fileno(), PIECE):
                yield count
        except (AttributeError, OSError) as error:
            if getattr(error, "errno", None) not in _CANNOT:
                raise
            read.seek(written.seek(0, os.SEEK_END))
            while piece := read.read(PIECE):
                yield written.write(piece)


@contextmanager
def telling(where: Path, *, mend: str) -> Iterator[None]:
    """Say of an error of the disk what could not be done, and what to do.

    Raises:
        ClienteleError: In place of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise ClienteleError(
            f"the disk refuses: {error.strerror or error}",
            where=str(error.filename or where),
            mend=mend,
        ) from error


def assert_room(folder: Path, wanted: int) -> None:
    """See that a disk can take so many bytes, before anything is written.

    Args:
        folder: Where they are to go; it, or a folder above it, exists.
        wanted: How many.

    Raises:
        ClienteleError: It cannot.
    """
    there = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(there).free
    if wanted * _ROOM > free:
        raise ClienteleError(
            f"there is no room: {wanted / 1e6:,.1f} MB are wanted, "
            f"{free / 1e6:,.1f} MB are free",
            where=str(folder),
            mend="Make room there, or choose another folder. Nothing was written.",
        )


def flush_folders(folder: Path) -> None:
    """Force the names in a folder, and in those below it, to the disk."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            flush(path)


def copy_secrets(source: Path, target: Path) -> None:
    """Copy secrets, readable by their owner alone from the first byte on."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.chmod(0o700)
    for file in sorted(path for path in source.glob("*") if path.is_file()):
        made = target / file.name
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as written:
            written.write(file.read_bytes())
            written.flush()
            os.fsync(written.fileno())


def remove_folder(folder: Path) -> None:
    """Remove a folder with read-only folders in it."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o750)
    shutil.rmtree(folder)
