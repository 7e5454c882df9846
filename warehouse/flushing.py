"""What was written is forced to the disk, so that a power cut does not undo it."""

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Force a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
