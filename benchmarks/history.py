"""The history of benchmarks: a line of JSON a run, beside each other, to be plotted.

A line says when and of which version it was measured, on what machine, and how busy
that was when the run ended: figures of a busy machine are rough.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from warehouse.settings import PROJECT_ROOT

HISTORY = PROJECT_ROOT / "var" / "benchmarks"
"""Where the histories lie when no other place is asked for."""


def version() -> str:
    """Return the commit that is measured; empty where there is none to be read."""
    git = PROJECT_ROOT / ".git"
    if git.is_file():
        git = Path(git.read_text("utf-8").removeprefix("gitdir: ").strip())
    head = git / "HEAD"
    if not head.is_file():
        return ""
    named = head.read_text("utf-8").strip()
    if not named.startswith("ref: "):
        return named[:12]
    reference = named.removeprefix("ref: ")
    common = git / "commondir"
    shared = git / common.read_text("utf-8").strip() if common.is_file() else git
    for folder in (git, shared):
        if (folder / reference).is_file():
            return (folder / reference).read_text("utf-8").strip()[:12]
    return ""


def machine() -> dict[str, float]:
    """Return what the machine has, and how many processes wanted its cores lately."""
    return {
        "cores": os.cpu_count() or 1,
        "memory_mb": round(psutil.virtual_memory().total / 1e6),
        "load": round(os.getloadavg()[0], 1),
    }


def keep(figures: dict[str, Any], folder: Path | None = None) -> None:
    """Add a run to the history of its benchmark, and print it as one line of JSON.

    Args:
        figures: What was measured; `benchmark` names the history.
        folder: Where the history lies; the project's own when not given.
    """
    where = folder or HISTORY
    where.mkdir(parents=True, exist_ok=True)
    stamped = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version(),
        "machine": machine(),
    }
    name = f"{figures['benchmark']}.jsonl"
    with (where / name).open("a", encoding="utf-8") as history:
        history.write(json.dumps(stamped | figures) + "\n")
    print(json.dumps(figures))


def kept(name: str, folder: Path | None = None) -> list[dict[str, Any]]:
    """Return the runs of a benchmark, the oldest first; none when it never ran."""
    file = (folder or HISTORY) / f"{name}.jsonl"
    if not file.is_file():
        return []
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]
