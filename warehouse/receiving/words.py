"""The words of people about what was refused, while they wait to be received."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from warehouse.receiving.model import STEWARD_PLACE
from warehouse.settings import Settings

DECISIONS = "quarantine"
"""What the names of files of decisions begin with."""


def _words(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            word = json.loads(line)
        except ValueError:
            continue
        if isinstance(word, dict):
            yield word


def waiting_words(
    settings: Settings, received: Collection[str]
) -> Iterator[dict[str, Any]]:
    """Yield the decisions that lie in landing and were not received, the last last.

    A line that holds none is passed over: receiving says so when its turn comes.

    Args:
        settings: Where the company's data lies.
        received: Names of the deliveries that were received, each below its date.
    """
    landing = settings.places.landing
    files = landing.glob(f"*/{STEWARD_PLACE}/{DECISIONS}-*.jsonl")
    for file in sorted(files, key=lambda path: path.name):
        if file.relative_to(landing).as_posix() not in received:
            yield from _words(file)


def given_up_deliveries(
    settings: Settings, received: Collection[str]
) -> set[tuple[int | None, str | None]]:
    """Return by load and delivery what is given up as a whole by words that wait.

    Args:
        settings: Where the company's data lies.
        received: Names of the deliveries that were received, each below its date.
    """
    return {
        (word.get("load_number"), word.get("delivery") or None)
        for word in waiting_words(settings, received)
        if word.get("verdict") == "given_up" and word.get("row_number") == 0
    }
