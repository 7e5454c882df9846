"""Receiving: what landed, appended in order; each delivery entered in the ledger.

Whatever happens to a delivery ends in one row of the ledger, in which every delivered
row is loaded, quarantined or a known repeat.
"""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from warehouse.clock import Clock
from warehouse.company import Company
from warehouse.contracts import Delivery as Mode
from warehouse.database import session, transaction
from warehouse.ledger import prepare_archive
from warehouse.receiving import loading, snapshots
from warehouse.receiving.ahead import ARCHIVE, Arrival, Quay, landing_ahead
from warehouse.receiving.keeping import Kept, StillWrittenError, sweep
from warehouse.receiving.landing import (
    Landed,
    blamed,
    hold_against_held,
    read_rows,
)
from warehouse.receiving.ledger_copy import renew_ledger_copy
from warehouse.receiving.loading import LeftOut
from warehouse.receiving.model import Delivery, Load, Read
from warehouse.receiving.reasons import Refusal
from warehouse.receiving.receipt import Counter, Receipt, rows_held
from warehouse.receiving.waiting import find_waiting, read_received
from warehouse.settings import Settings


@dataclass(frozen=True)
class _Turn:
    """The turn of one delivery to be appended."""

    receipt: Receipt
    clock: Clock
    stamp: snapshots.Stamp
    batch_id: int
    started_at: datetime


def _append(
    turn: _Turn, kept: Kept, read: Read, out: LeftOut | None, load: Load
) -> Load:
    """Append the rows of a delivery that is new.

    Raises:
        Refusal: It is to be refused as a whole.
    """
    receipt = turn.receipt
    connection, delivery, table = receipt.connection, receipt.delivery, receipt.table
    is_partial = delivery.is_mended or delivery.table.is_database
    out = out or hold_against_held(receipt, read)
    concludes = table.delivery is Mode.FULL and not is_partial and not read.rejected
    gone = snapshots.find_gone(connection, table) if concludes else 0
    if concludes and not receipt.is_accepted(kept):
        snapshots.check_shrinkage(connection, table, gone)
    return loading.append(
        connection,
        delivery.source,
        table,
        turn.stamp,
        read,
        out,
        dataclasses.replace(load, rows_deleted=gone),
        turn.clock,
    )


def _blank(turn: _Turn) -> Load:
    """Return the ledger row of a delivery of which nothing is known yet."""
    delivery = turn.receipt.delivery
    return Load(
        load_id=turn.stamp.load_id,
        source_name=delivery.source.name,
        table_name=delivery.table.name,
        delivered_name=delivery.name,
        sha256="",
        byte_count=delivery.byte_count or 0,
        modified_at=delivery.modified_at,
        business_date=delivery.business_date,
        rows_delivered=0,
        rows_loaded=0,
        rows_quarantined=0,
        rows_repeated=0,
        rows_deleted=0,
        status="loaded",
        reason_code=None,
        reason=None,
        cursor_value=None,
        contract_version=delivery.table.version,
        known_at=turn.stamp.known_at,
        batch_id=turn.batch_id,
        started_at=turn.started_at,
        finished_at=turn.started_at,
    )


def _settle(turn: _Turn, landed: Landed) -> Load:
    """Append a delivery that landed, or enter why its rows are not."""
    load = _blank(turn)
    try:
        if landed.kept is None:
            raise landed.refusal or Refusal("balance", "the bytes were not kept")
        load = dataclasses.replace(
            load,
            sha256=landed.kept.sha256,
            byte_count=landed.kept.byte_count,
            cursor_value=landed.cursor_value,
        )
        held = rows_held(turn.receipt, landed.kept.sha256)
        if held is None:
            if landed.refusal:
                raise landed.refusal
            read = landed.read or read_rows(turn.receipt, landed.kept)
            return _append(turn, landed.kept, read, landed.left_out, load)
        load = dataclasses.replace(
            load,
            status="repeated",
            rows_delivered=held,
            rows_repeated=held,
            finished_at=turn.clock.now(),
        )
    except Refusal as refusal:
        blamed(refusal)
        load = dataclasses.replace(
            load,
            status="refused",
            reason_code=refusal.code,
            reason=refusal.reason,
            finished_at=turn.clock.now(),
        )
    with transaction(turn.receipt.connection):
        loading.enter(turn.receipt.connection, load)
    return load


def _take(arrival: Arrival, clock: Clock, counter: Counter) -> Load | None:
    """Settle a delivery in its turn; none when its file is still being written."""
    started_at = clock.now()
    receipt = arrival.receipt
    try:
        landed = arrival.landed()
    except StillWrittenError:
        return None
    stamp = counter.next_stamp(receipt.delivery.business_date, started_at)
    turn = _Turn(receipt, clock, stamp, counter.batch_id, started_at)
    load = _settle(turn, landed)
    receipt.held.add(load.sha256)
    return load


@contextmanager
def _quay(settings: Settings, company: Company) -> Iterator[Quay]:
    settings.places.prepare()
    sweep(settings.places)
    with session(settings, write=settings.places.archive, alias=ARCHIVE) as connection:
        prepare_archive(connection, company)
        held = connection.execute("select distinct sha256 from ledger.load").fetchall()
        yield Quay(connection, settings, company, {sha256 for (sha256,) in held})


def _loads(
    quay: Quay, dates: list[date], clock: Clock, on_date: Callable[[date], None]
) -> Iterator[Load]:
    """Receive in order and yield each load as it is entered."""
    received = read_received(quay.connection, quay.settings, quay.company)
    deliveries: list[Delivery] = []
    for each in dates:
        deliveries += find_waiting(
            quay.settings, quay.company, received, business_date=each
        )
    current, counter = None, Counter.read(quay.connection)
    with landing_ahead(quay, deliveries) as arrivals:
        for arrival in arrivals:
            if arrival.receipt.delivery.business_date != current:
                current = arrival.receipt.delivery.business_date
                counter.begin(current)
                on_date(current)
            if load := _take(arrival, clock, counter):
                yield load


def receive_dates(
    settings: Settings,
    company: Company,
    dates: list[date],
    *,
    clock: Clock,
    on_date: Callable[[date], None] = lambda _: None,
) -> list[Load]:
    """Receive what waits for business dates, date by date, each as one batch.

    Afterwards the copy of ledger and quarantine is made anew, if it lacks anything.

    Args:
        settings: Where the company's data lies.
        company: Whose deliveries they are.
        dates: The dates, in the order to receive them in.
        clock: What says when they became known.
        on_date: Hears of each date as its deliveries' turn comes.
    """
    loads: list[Load] = []
    try:
        with _quay(settings, company) as quay:
            for load in _loads(quay, dates, clock, on_date):
                loads.append(load)
    finally:
        renew_ledger_copy(settings)
    return loads


def receive_date(
    settings: Settings, company: Company, business_date: date, *, clock: Clock
) -> list[Load]:
    """Receive what waits for one business date, in order, as one batch.

    Args:
        settings: Where the company's data lies.
        company: Whose deliveries they are.
        business_date: The date.
        clock: What says when they became known.
    """
    return receive_dates(settings, company, [business_date], clock=clock)
