"""How a home takes the place of another, whole, whenever the process dies.

Where the system can exchange two names, that is one step and readers never find the
home gone. Elsewhere it takes two renames; a process that dies between them leaves the
new home beside, and whoever opens the home next puts it there.
"""

import ctypes
import errno
import os
from contextlib import suppress
from pathlib import Path

from warehouse.flushing import flush

MARK = ".restored"
"""Lies in a home on its way into its place, and says what the one before is called."""
_HERE, _EXCHANGE = -100, 2
"""Of `renameat2`: names as the process sees them, and what is to be done."""
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP)


def on_its_way(root: Path) -> Path:
    """Return where a home lies that is whole, and not in its place yet."""
    return root.with_name(f".{root.name}.restored")


def take_place(made: Path, root: Path, *, aside: Path) -> None:
    """Put a home in the place of another.

    Args:
        made: The new one, whole and flushed.
        root: The place; a home lies there.
        aside: Where to keep that one, in the same folder; nothing lies there.

    Raises:
        OSError: It cannot be renamed; the one before is in its place.
    """
    coming = on_its_way(root)
    (made / MARK).write_text(aside.name, encoding="utf-8")
    flush(made / MARK)
    made.rename(coming)
    if not _exchange(coming, root):
        root.rename(aside)
    finish(root)


def finish(root: Path) -> None:
    """Finish what a process that died left of putting a home into its place.

    Of two that find it so, one does it. A home that is whole and was not put there yet
    is left beside, as the one before still lies in its place.

    Args:
        root: The place.
    """
    coming = on_its_way(root)
    # Another process may be finishing the same.
    with suppress(FileNotFoundError):
        if coming.is_dir() and not (coming / MARK).exists():
            coming.rename(root.with_name((root / MARK).read_text(encoding="utf-8")))
            flush(root.parent)
        elif coming.is_dir() and not root.exists():
            coming.rename(root)
            flush(root.parent)
        if not coming.exists():
            (root / MARK).unlink()


def _exchange(one: Path, other: Path) -> bool:
    """Let two names change places in one step; return whether the system can."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))
