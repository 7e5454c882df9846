"""Dagster's event log in SQLite, over connections that are kept.

A night writes well over a thousand events. Dagster's own SQLite storage opens a new
connection for each and waits for the disk each time: a quarter of a small night. If the
machine fails just then, a line of the log is lost. For each it also asks anew whether
the tables of the log are there.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import Any

from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS


class HastyConnection(sqlite3.Connection):
    """A connection that does not wait for the disk."""

    def __init__(self, database: str, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        """Open the database, and say so."""
        super().__init__(database, *arguments, **options)
        self.execute("pragma synchronous = off")


class PooledEventLog(ConsolidatedSqliteEventLogStorage):
    """The consolidated event log, with one engine for all its events."""

    @cached_property
    def _begin(self) -> Callable[[], AbstractContextManager[Any]]:
        engine = create_engine(
            self._conn_string,
            connect_args={
                "timeout": SQLITE_BUSY_TIMEOUT_SECONDS,
                "factory": HastyConnection,
            },
        )
        begin: Callable[[], AbstractContextManager[Any]] = engine.begin
        return begin

    @cached_property
    def _there(self) -> set[str]:
        return set()

    def has_table(self, table_name: str) -> bool:
        """Return whether the log has a table; one that it has, it keeps."""
        if table_name not in self._there and super().has_table(table_name):
            self._there.add(table_name)
        return table_name in self._there

    @contextmanager
    def _connect(self) -> Iterator[Any]:
        with self._begin() as connection:
            yield connection
