"""The lock of the one writer: nobody else writes meanwhile."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.errors import ClienteleError
from warehouse.settings import Settings

LOOK_EVERY = 0.5
"""Seconds between two looks whether the lock has become free."""


@contextmanager
def one_writer(
    settings: Settings,
    *,
    wait_seconds: float = 0,
    on_wait: Callable[[str, float], None] = lambda holder, seconds: None,
) -> Iterator[None]:
    """Hold the lock, with files made for nobody else and an empty temporary folder.

    The lock belongs to the process and goes with it, however it dies.

    Args:
        settings: Whose places to lock.
        wait_seconds: How long to wait for whoever holds it; not at all by default.
        on_wait: Hears, while it waits, of the holder's process and the seconds so far.

    Raises:
        ClienteleError: Another process still holds the lock.
    """
    places = settings.places
    places.prepare()
    holder = places.lock.with_suffix(".pid")
    lock = FileLock(places.lock, timeout=0, mode=0o640)
    started = time.monotonic()
    while True:
        try:
            lock.acquire()
            break
        except Timeout as error:
            waited = time.monotonic() - started
            if waited >= wait_seconds:
                raise _is_running(settings, _read(holder)) from error
            on_wait(_read(holder), waited)
            time.sleep(LOOK_EVERY)
    umask = os.umask(0o027)
    try:
        holder.write_text(str(os.getpid()), encoding="utf-8")
        _wipe(places.temporary)
        yield
    finally:
        _wipe(places.temporary)
        holder.unlink(missing_ok=True)
        os.umask(umask)
        lock.release()


def running_night(settings: Settings) -> int | None:
    """Return the process that holds the lock, if one does.

    A killed night leaves its number behind, which may be another process's by now: so
    the lock itself is asked.
    """
    lock = settings.places.lock
    try:
        process = int(lock.with_suffix(".pid").read_text(encoding="utf-8"))
        with FileLock(lock, timeout=0, mode=0o640):
            return None
    except (FileNotFoundError, ValueError):
        return None
    except (Timeout, PermissionError):
        return process


def refuse_second(settings: Settings) -> None:
    """Say at once, before anything dear is done, that another night is running.

    Raises:
        ClienteleError: Another process holds the lock.
    """
    process = running_night(settings)
    if process not in (None, os.getpid()):
        raise _is_running(settings, str(process))


def _is_running(settings: Settings, process: str) -> ClienteleError:
    return ClienteleError(
        f"another night is running, as process {process}",
        where=str(settings.places.lock),
        mend="Wait until it has ended (a command that may not meet a night, such as "
        "`verify`, counts as one), or stop that process; what it leaves is mended by "
        "the next night.",
    )


def _read(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8")
    except FileNotFoundError:
        return "(number not known)"


def _wipe(folder: Path) -> None:
    """Empty a folder that may hold spill files, which are plain text."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
