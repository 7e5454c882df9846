"""Landing deliveries ahead of their turn, on several threads; their order stays.

DuckDB has little to share out in a small file, so several files land at once, each on
one thread: more would look for work in vain, and cost a third of all processor time.
How much lies landed is bounded, by number and by bytes: a big file lands alone, and has
all threads.
"""

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb

from warehouse.company import Company
from warehouse.database import sibling
from warehouse.machine import threads_for
from warehouse.receiving.landing import Landed, land
from warehouse.receiving.model import Delivery
from warehouse.receiving.receipt import Receipt, readable_contract
from warehouse.receiving.snapshots import raw_table
from warehouse.settings import Settings

ARCHIVE = "archive"
"""The alias of the archive in every session of receiving."""
_MOST_THREADS = 4
_AHEAD_PER_THREAD = 2
_MOST_BYTES = 1 << 26


@dataclass
class Arrival:
    """A delivery that lands, or has landed; closing it drops what it landed in.

    Args:
        receipt: Its session, contract and scratch folder.
        landed: Waits for the landing and returns it.
        closing: What closing it closes.
    """

    receipt: Receipt
    landed: Callable[[], Landed]
    closing: ExitStack = field(repr=False)


@dataclass(frozen=True)
class Quay:
    """Where deliveries land: the session of the archive and its surroundings.

    Args:
        connection: The session.
        settings: Where the company's data lies.
        company: Whose deliveries they are.
        held: The sha256 of all bytes that were delivered before.
    """

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    company: Company
    held: set[str]

    @property
    def threads(self) -> int:
        """Return how many deliveries may land at once."""
        return min(self._all_threads, _MOST_THREADS)

    @property
    def _all_threads(self) -> int:
        return threads_for(self.settings)

    @contextmanager
    def one_thread_each(self) -> Iterator[None]:
        """Let statements have one thread each for a while."""
        self._give(1)
        try:
            yield
        finally:
            self._give(self._all_threads)

    def _give(self, threads: int) -> None:
        self.connection.execute("set threads = ?", [threads])

    def open(
        self, delivery: Delivery, before: Iterable[Delivery], pool: ThreadPoolExecutor
    ) -> Arrival:
        """Let a delivery land; a database lands in its turn, after its last cursor."""
        closing = ExitStack()
        if (delivery.byte_count or 0) > _MOST_BYTES:
            self._give(self._all_threads)
            closing.callback(self._give, 1)
        folder = tempfile.TemporaryDirectory(dir=self.settings.places.temporary)
        receipt = Receipt(
            connection=closing.enter_context(sibling(self.connection, use=ARCHIVE)),
            settings=self.settings,
            company=self.company,
            delivery=delivery,
            table=readable_contract(delivery),
            scratch=Path(closing.enter_context(folder)),
            held=self.held,
            is_next_of_table=_raw(delivery) not in map(_raw, before),
        )
        if delivery.path is None:
            return Arrival(receipt, partial(land, receipt), closing)
        future: Future[Landed] = pool.submit(land, receipt)
        closing.callback(_settle, future)
        return Arrival(receipt, future.result, closing)


def _raw(delivery: Delivery) -> str:
    return raw_table(delivery.source, delivery.table)


def _settle(future: Future[Landed]) -> None:
    """Do not let a session close under a landing that still uses it."""
    if not future.cancel():
        future.exception()


def _has_room(waiting: deque[Arrival], delivery: Delivery, most: int) -> bool:
    sizes = [arrival.receipt.delivery.byte_count or 0 for arrival in waiting]
    is_small = sum(sizes) + (delivery.byte_count or 0) <= _MOST_BYTES
    return not waiting or (len(waiting) < most and is_small)


@contextmanager
def landing_ahead(
    quay: Quay, deliveries: list[Delivery]
) -> Iterator[Iterator[Arrival]]:
    """Yield the deliveries in their order, each as it lands; the next ones do so too.

    An arrival is closed when the next is asked for.

    Args:
        quay: Where they land.
        deliveries: Those that wait, in the order of their loads.
    """
    coming, waiting = deque(deliveries), deque[Arrival]()
    most = _AHEAD_PER_THREAD * quay.threads

    def arrivals(pool: ThreadPoolExecutor) -> Iterator[Arrival]:
        while coming or waiting:
            while coming and _has_room(waiting, coming[0], most):
                before = [arrival.receipt.delivery for arrival in waiting]
                waiting.append(quay.open(coming.popleft(), before, pool))
            with waiting[0].closing:
                yield waiting[0]
            waiting.popleft()

    name = "landing"
    with quay.one_thread_each(), ThreadPoolExecutor(quay.threads, name) as pool:
        try:
            yield arrivals(pool)
        finally:
            for arrival in waiting:
                arrival.closing.close()
