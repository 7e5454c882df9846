"""What the queries of checks count, asked of the database beside one another.

Great Expectations asks one question after the other, and most are too small for the
database to share out: so all are asked ahead on a few connections, and expectations
take what was found.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from queue import SimpleQueue
from typing import Any, Protocol

import duckdb

AT_ONCE = 4
"""Each question takes several threads where it is large, and memory for its groups."""

Counts = Mapping[str, Any]
_ASKED: ContextVar[Mapping[str, Future[Counts]]] = ContextVar("asked")


class Memory(Protocol):
    """What queries counted before, where that still holds."""

    def recall(self, query: str) -> Counts | None:
        """Return what a query would count again, if that is known."""

    def note(self, query: str, counts: Counts) -> None:
        """Keep what a query has counted."""

    def kept(self, query: str) -> Counts | None:
        """Return what a query counted when it was asked last, if no row failed."""


@contextmanager
def counting(
    connection: duckdb.DuckDBPyConnection,
    queries: Mapping[str, str | None],
    *,
    at_once: int,
    memory: Memory | None = None,
) -> Iterator[None]:
    """Ask all queries, and let `counts_of` tell within what each has found.

    Args:
        connection: Reads the database; the others are made like it.
        queries: Each yields one row; with it, one that yields the same where no row
            failed before. It may take what was counted then, as `$rows_checked`.
        at_once: How many are asked at the same time, at most.
        memory: Whose counts are taken where it knows them, and which notes all.
    """
    free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
    connections = [connection.cursor() for _ in range(at_once)]
    for each in connections:
        free.put(each)

    def ask(query: str) -> Counts:
        found = memory.recall(query) if memory else None
        if found is None:
            before = memory.kept(query) if memory else None
            brief = queries[query] if before is not None else None
            own = free.get()
            try:
                found = _only_row(own, brief or query, before or {})
            finally:
                free.put(own)
        if memory:
            memory.note(query, found)
        return found

    pool = ThreadPoolExecutor(at_once, thread_name_prefix="counting")
    try:
        asked = {query: pool.submit(ask, query) for query in queries}
        token = _ASKED.set(asked)
        try:
            yield
        finally:
            _ASKED.reset(token)
    finally:
        pool.shutdown(cancel_futures=True)
        for each in connections:
            each.close()


def counts_of(query: str) -> Counts:
    """Return what a query counted, once it is known; raise what it raised."""
    return _ASKED.get()[query].result()


def _only_row(
    connection: duckdb.DuckDBPyConnection, query: str, before: Counts
) -> Counts:
    taken = {name: value for name, value in before.items() if f"${name}" in query}
    found = connection.execute(query, taken or None)
    names = [column[0] for column in found.description or []]
    [row] = found.fetchall()
    return dict(zip(names, row, strict=True))
