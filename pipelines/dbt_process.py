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
    among them over and over took a quarter of dbt's time.
    """
    before, thresholds = dict(os.environ), gc.get_threshold()
    os.environ.update(environment)
    gc.set_threshold(COLLECT_AFTER, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        DuckDBConnectionManager.close_all_connections()
        os.environ.clear()
        os.environ.update(before)


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
                at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
                lines.write(f"{at} [{info.level:<5}] {info.msg}\n")

        yield write
