"""Threads that write tables side by side, each by a session of its own."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import duckdb

from warehouse.database import sibling

MOST = 4
"""How many tables are at work at once; each holds some of its rows in memory."""

T = TypeVar("T")
Work = Callable[[duckdb.DuckDBPyConnection], T]


@dataclass(frozen=True)
class Hands:
    """A session, and threads that write beside it."""

    connection: duckdb.DuckDBPyConnection
    pool: ThreadPoolExecutor

    def do(self, works: Iterable[tuple[str, Work[T]]]) -> list[T]:
        """Do works, first come, first begun, each with a database in use."""
        begun = [self.pool.submit(self._do, use, work) for use, work in works]
        return [work.result() for work in begun]

    def _do(self, use: str, work: Work[T]) -> T:
        with sibling(self.connection, use=use) as cursor:
            return work(cursor)


@contextmanager
def hands_beside(connection: duckdb.DuckDBPyConnection) -> Iterator[Hands]:
    """Yield hands; after an error they begin nothing more."""
    [[threads]] = connection.execute("select current_setting('threads')").fetchall()
    pool = ThreadPoolExecutor(max_workers=min(threads, MOST))
    try:
        yield Hands(connection, pool)
    finally:
        pool.shutdown(cancel_futures=True)
