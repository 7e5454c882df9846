"""Homes that a benchmark works in, and how they go again."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from history import HISTORY


def remove(folder: Path) -> None:
    """Remove a folder with a house in it: of releases, whoever made them may not write.

    What is not there is not missed.
    """
    if not folder.is_dir():
        return
    for each in [folder, *folder.rglob("*")]:
        if each.is_dir() and not each.is_symlink():
            each.chmod(0o700)
    shutil.rmtree(folder)


@contextmanager
def lent(kept: Path | None) -> Iterator[Path]:
    """Lend a folder to work in.

    Args:
        kept: The folder, where it is to stay; a temporary one beside the histories,
            removed at the end, when not given.
    """
    HISTORY.mkdir(parents=True, exist_ok=True)
    folder = (kept or Path(tempfile.mkdtemp(dir=HISTORY))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        if kept is None:
            remove(folder)
