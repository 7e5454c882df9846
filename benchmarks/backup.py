"""What a backup costs, beside plain copies and digests of the same files.

Reads the home at hand (`CLIENTELE_HOME`, `CLIENTELE_COMPANY`) and writes to a folder of
its own, which it removes again. The peers, in the same run: a copy of the same files
that is flushed to the disk as a backup is, and a sha256 of each. All files were read
once before, so no side gains by the other's reading.

The last line is one line of JSON; it is kept in `var/benchmarks/` too.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from history import keep
from memory import peak_mb

from warehouse.backup import Backup, back_up, restore, verify_backup
from warehouse.clock import SystemClock
from warehouse.company import read_company
from warehouse.flushing import flush
from warehouse.publication import rollback, verify
from warehouse.publication.release import file_sha256
from warehouse.settings import Settings


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def copy_plainly(backup: Backup, folder: Path) -> None:
    """Copy the files of a backup as any program would, and flush them."""
    for name in backup.files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup.folder / name, target)
        flush(target)


def digest_plainly(backup: Backup) -> None:
    """Digest the files of a backup."""
    for name in backup.files:
        file_sha256(backup.folder / name)


def measured(settings: Settings, folder: Path) -> dict[str, Any]:
    """Back up, look, restore; and do the same plainly."""
    company, clock = read_company(settings), SystemClock()
    disk, away = folder / "disk", folder / "away"
    first = back_up(settings, company, folder / "warm", clock=clock).backup
    elsewhere = settings.model_copy(update={"home": away})
    digest_plainly(first)
    taken = {
        "copy": seconds(lambda: copy_plainly(first, folder / "plain")),
        "digest": seconds(lambda: digest_plainly(first)),
        "backup": seconds(lambda: back_up(settings, company, disk, clock=clock)),
        "backup_again": seconds(lambda: back_up(settings, company, disk, clock=clock)),
        "verify_backup": seconds(lambda: verify_backup(settings, first)),
        "verify_backup_deep": seconds(
            lambda: verify_backup(settings, first, deep=True)
        ),
        "restore": seconds(lambda: restore(elsewhere, first)),
        "verify_home": seconds(lambda: verify(elsewhere)),
    }
    if first.release:
        taken["rollback"] = seconds(lambda: rollback(elsewhere, to=first.release))
    size = first.bytes / 1e9
    return {
        "benchmark": "backup",
        "size": {
            "mb": round(first.bytes / 1e6, 1),
            "files": len(first.files),
            "archive_mb": round(first.files["archive.duckdb"].bytes / 1e6, 1),
            "cores": os.cpu_count(),
        },
        "ratios": {
            "backup_to_copy": round(taken["backup"] / taken["copy"], 2),
            "backup_again_to_copy": round(taken["backup_again"] / taken["copy"], 2),
            "restore_to_copy": round(taken["restore"] / taken["copy"], 2),
            "verify_to_digest": round(taken["verify_backup"] / taken["digest"], 2),
        },
        "seconds": {name: round(value, 3) for name, value in taken.items()},
        "seconds_a_gb": {name: round(value / size, 1) for name, value in taken.items()},
        "peak_mb": peak_mb(),
    }


def main() -> None:
    """Measure the home at hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="Where to write; else a temporary.")
    where = parser.parse_args().folder
    with tempfile.TemporaryDirectory(dir=where) as folder:
        keep(measured(Settings(), Path(folder)))


if __name__ == "__main__":
    main()
