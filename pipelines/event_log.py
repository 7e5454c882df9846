"""Dagster's event log in SQLite, over connections that are kept.

A night writes well over a thousand events. Dagster's own SQLite storage opens a new
connection for each and waits for the disk each time: a quarter of a small night. What is
lost when the machine fails in that moment is a line of the log.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from sqlite3 import Connection

import sqlalchemy
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS


def _wait_for_no_disk(connection: Connection, _record: object) -> None:
    connection.execute("pragma synchronous = off")


class PooledEventLog(ConsolidatedSqliteEventLogStorage):
    """The consolidated event log, with one engine for all its events."""

    @cached_property
    def _engine(self) -> sqlalchemy.Engine:
        engine = create_engine(
            self._conn_string,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
        )
        sqlalchemy.event.listen(engine, "connect", _wait_for_no_disk)
        return engine

    @contextmanager
    def _connect(self) -> Iterator[sqlalchemy.Connection]:
        with self._engine.begin() as connection:
            yield connection
