"""How dbt runs within this process: its environment, its memory and its log."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt_common.events.base_types import EventMsg

KEPT_LEVELS = frozenset({"info", "warn", "error"})
KEPT_BYTES = 10 * 1024 * 1024
COLLECT_AFTER = 2_000_000
"""New objects before garbage is looked for: by itself Python does so after 700."""


@contextmanager
def surroundings(environment: Mapping[str, str]) -> Iterator[None]:
    """Give dbt its environment, and let go of its databases at the end.

    A project is a million objects that live as long as the night. Looking for garbage
    among them over and over took a quarter of dbt's time; it is looked for seldom from
    now on, for a process that looks again as often as before looks at once.
    """
    before = dict(os.environ)
    os.environ.update(environment)
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    try:
        yield
    finally:
        DuckDBConnectionManager.close_all_connections()
        os.environ.clear()
        os.environ.update(before)


def note(file: Path, messages: Mapping[str, str]) -> None:
    """Write messages, each with its level, below what dbt has said."""
    if messages:
        with file.open("a", encoding="utf-8") as lines:
            for message, level in messages.items():
                lines.write(_line(level, message))


def _line(level: str, message: str) -> str:
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"{at} [{level:<5}] {message}\n"


@contextmanager
def logging_to(file: Path) -> Iterator[Callable[[EventMsg], None]]:
    """Hand out what writes dbt's messages to a file, one line each, as they come.

    One file of ten megabytes is kept beside the one that is written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_file() and file.stat().st_size > KEPT_BYTES:
        file.replace(file.with_name(f"{file.name}.1"))
    with file.open("a", encoding="utf-8", buffering=1) as lines:

        def write(message: EventMsg) -> None:
            info: Any = message.info
            if info.level in KEPT_LEVELS:
                lines.write(_line(info.level, info.msg))

        yield write
