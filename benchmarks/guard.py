"""Watches disk and memory of the machine while something large is measured.

When either is nearly gone, what was started is killed, so that a size that is too large
for the machine takes down nothing but itself.
"""

import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import psutil

LOOK_EVERY_S = 0.5
WEIGH_EVERY_S = 5
BLOCK = 512
"""Bytes of a block, as the system counts them."""
LEAST_DISK_MB = 1_000
LEAST_MEMORY_SHARE = 0.02


def held_mb(folder: Path) -> float:
    """Return how much of the disk a folder takes, in megabytes."""
    blocks = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            blocks += file.lstat().st_blocks
    return blocks * BLOCK / 1e6


class Guard:
    """Looks at disk and memory as long as it is entered.

    Attributes:
        reason: Why what ran was killed; empty when it was not.
        disk_mb: The most that the folder held, in megabytes.
    """

    def __init__(
        self,
        folder: Path,
        *,
        least_disk_mb: float = LEAST_DISK_MB,
        least_memory_share: float = LEAST_MEMORY_SHARE,
    ) -> None:
        """Watch a folder, and the disk that it lies on."""
        self.reason = ""
        self.disk_mb = 0.0
        self._folder = folder
        self._least_disk_mb = least_disk_mb
        self._least_memory_share = least_memory_share
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Guard":
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        weighed = -WEIGH_EVERY_S
        while not self._over.is_set():
            if time.monotonic() - weighed > WEIGH_EVERY_S:
                weighed = time.monotonic()
                self.disk_mb = max(self.disk_mb, held_mb(self._folder))
            free = shutil.disk_usage(self._folder).free / 1e6
            memory = psutil.virtual_memory()
            if free < self._least_disk_mb:
                self._stop(f"the disk was full but for {free:,.0f} MB")
            elif memory.available < self._least_memory_share * memory.total:
                left = memory.available / 1e6
                self._stop(f"the memory was taken but for {left:,.0f} MB")
            self._over.wait(LOOK_EVERY_S)

    def _stop(self, reason: str) -> None:
        self.reason = self.reason or reason
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                process.kill()
