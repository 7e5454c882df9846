"""Receiving a delivery: verified, kept, checked, appended, and entered in the ledger.

Whatever happens to a delivery ends in one row of the ledger, in which every delivered
row is loaded, quarantined or a known repeat.
"""

import dataclasses
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from warehouse.clock import Clock
from warehouse.company import Company
from warehouse.contracts import Delivery as Mode
from warehouse.contracts import TableContract
from warehouse.database import session, transaction
from warehouse.ledger import prepare_archive
from warehouse.receiving import history, loading, snapshots
from warehouse.receiving.door import check_rows
from warehouse.receiving.footer import check_footer
from warehouse.receiving.keeping import Kept, StillWrittenError, sweep
from warehouse.receiving.ledger_copy import copy_ledger
from warehouse.receiving.model import Delivery, Load, Read
from warehouse.receiving.readers import READERS
from warehouse.receiving.reasons import Refusal
from warehouse.receiving.receipt import (
    Receipt,
    keep_bytes,
    next_stamp,
    readable_contract,
    rows_held,
)
from warehouse.receiving.unpack import unpack
from warehouse.receiving.waiting import find_waiting, read_received
from warehouse.settings import Settings


def _check_volume(table: TableContract, read: Read, *, may_be_empty: bool) -> None:
    rows, limits = read.rows_delivered, table.rows
    allows_none = "minimum" in limits.model_fields_set and limits.minimum == 0
    if table.delivery is Mode.FULL:
        allows_none = allows_none and limits.shrinkage_pct is not None
    if not rows and not (allows_none or may_be_empty):
        raise Refusal("empty_file", "the delivery holds no rows")
    if rows < limits.minimum:
        raise Refusal(
            "too_few_rows", f"{rows} rows, at least {limits.minimum} expected"
        )
    if limits.maximum is not None and rows > limits.maximum:
        raise Refusal(
            "too_many_rows", f"{rows} rows, at most {limits.maximum} expected"
        )


def _load(receipt: Receipt, kept: Kept, load: Load, clock: Clock) -> Load:
    """Read, check and append the rows of a delivery that is new.

    Raises:
        Refusal: It is to be refused as a whole.
    """
    connection, delivery, table = receipt.connection, receipt.delivery, receipt.table
    plain = unpack(kept.path, table, receipt.scratch / "plain")
    read = READERS[table.format](connection, table, plain, receipt.scratch)
    is_partial = delivery.is_mended or delivery.table.is_database
    is_accepted = (receipt.decisions / kept.sha256).is_file()
    if not (is_accepted or delivery.is_mended):
        _check_volume(table, read, may_be_empty=delivery.table.is_database)
    check_footer(connection, table, read)
    check_rows(connection, table, delivery.business_date)
    history.decide_fates(connection, delivery.source, table, delivery.business_date)
    concludes = table.delivery is Mode.FULL and not is_partial and not read.rejected
    gone = snapshots.find_gone(connection, table) if concludes else 0
    if concludes and not is_accepted:
        snapshots.check_shrinkage(connection, table, gone)
    return loading.append(
        connection,
        delivery.source,
        table,
        receipt.stamp,
        read,
        dataclasses.replace(load, rows_deleted=gone),
        clock,
    )


def _blank(receipt: Receipt) -> Load:
    """Return the ledger row of a delivery of which nothing is known yet."""
    delivery = receipt.delivery
    return Load(
        load_id=receipt.stamp.load_id,
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
        known_at=receipt.stamp.known_at,
        batch_id=receipt.batch_id,
        started_at=receipt.started_at,
        finished_at=receipt.started_at,
    )


def _receive(receipt: Receipt, clock: Clock) -> Load:
    load = _blank(receipt)
    try:
        kept, cursor_value = keep_bytes(receipt)
        load = dataclasses.replace(
            load,
            sha256=kept.sha256,
            byte_count=kept.byte_count,
            cursor_value=cursor_value,
        )
        held = rows_held(receipt, kept.sha256)
        if held is None:
            return _load(receipt, kept, load, clock)
        load = dataclasses.replace(
            load,
            status="repeated",
            rows_delivered=held,
            rows_repeated=held,
            finished_at=clock.now(),
        )
    except Refusal as refusal:
        load = dataclasses.replace(
            load,
            status="refused",
            reason_code=refusal.code,
            reason=refusal.reason,
            finished_at=clock.now(),
        )
    with transaction(receipt.connection):
        loading.enter(receipt.connection, load)
    return load


def _receive_in(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    company: Company,
    delivery: Delivery,
    *,
    clock: Clock,
    batch_id: int,
) -> Load:
    started_at = clock.now()
    with tempfile.TemporaryDirectory(dir=settings.places.temporary) as scratch:
        receipt = Receipt(
            connection=connection,
            settings=settings,
            company=company,
            delivery=delivery,
            table=readable_contract(delivery),
            scratch=Path(scratch),
            stamp=next_stamp(connection, delivery.business_date, started_at),
            batch_id=batch_id,
            started_at=started_at,
        )
        load = _receive(receipt, clock)
        for name in ("delivered", "held", "line", "extract"):
            connection.execute(f"drop table if exists temp.{name} cascade")
        return load


@contextmanager
def _archive(
    settings: Settings, company: Company
) -> Iterator[duckdb.DuckDBPyConnection]:
    settings.places.prepare()
    sweep(settings.places)
    with session(
        settings, write=settings.places.archive, alias="archive"
    ) as connection:
        prepare_archive(connection, company)
        yield connection


def receive(
    settings: Settings,
    company: Company,
    delivery: Delivery,
    *,
    clock: Clock,
    batch_id: int,
) -> Load:
    """Receive one delivery and return its row of the ledger.

    Args:
        settings: Where the company's data lies.
        company: Whose delivery it is.
        delivery: One of those that `waiting` returned.
        clock: What says when it became known.
        batch_id: The night that receives it.

    Raises:
        StillWrittenError: The file changed while it was read; it waits.
    """
    with _archive(settings, company) as connection:
        return _receive_in(
            connection, settings, company, delivery, clock=clock, batch_id=batch_id
        )


def receive_date(
    settings: Settings, company: Company, business_date: date, *, clock: Clock
) -> list[Load]:
    """Receive what waits for one business date, in order, as one batch.

    Afterwards the copy of ledger and quarantine is made anew, if anything came.

    Args:
        settings: Where the company's data lies.
        company: Whose deliveries they are.
        business_date: The date.
        clock: What says when they became known.
    """
    loads: list[Load] = []
    with _archive(settings, company) as connection:
        received = read_received(connection, settings, company)
        found = connection.execute(
            "select coalesce(max(batch_id), 0) + 1 from ledger.load"
        ).fetchone()
        batch_id = int(found[0]) if found else 1
        for delivery in find_waiting(
            settings, company, received, business_date=business_date
        ):
            try:
                load = _receive_in(
                    connection,
                    settings,
                    company,
                    delivery,
                    clock=clock,
                    batch_id=batch_id,
                )
            except StillWrittenError:
                continue
            loads.append(load)
    if loads or not settings.places.ledger_copy.exists():
        copy_ledger(settings)
    return loads
