"""A delivery on its way through the door: its session, its contract, its kept bytes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from warehouse.company import Company
from warehouse.contracts import Delivery as Mode
from warehouse.contracts import TableContract
from warehouse.receiving.keeping import Kept, keep
from warehouse.receiving.model import ACCEPTED_FOLDER, MENDED_FOLDER, Delivery
from warehouse.receiving.readers.csv import plain_csv
from warehouse.receiving.readers.database import extract
from warehouse.receiving.snapshots import Stamp
from warehouse.settings import Settings

_HELD = """
with before as (
    select sha256, rows_delivered, business_date, load_id
    from ledger.load
    where
        source_name = $source
        and table_name = $table
        and status <> 'refused' and (not $is_mended or rows_quarantined = 0)
        and (not $is_snapshot or business_date <= $business_date)
        and (
            not $is_snapshot
            or starts_with(delivered_name, $mended) = $is_mended
        )
)
select rows_delivered
from before
where
    sha256 = $sha256
    and (
        not $is_snapshot
        or row(business_date, load_id) = (
            select max(row(business_date, load_id)) from before
        )
    )
limit 1
"""


@dataclass(frozen=True)
class Receipt:
    """One delivery on its way through the door, in a session of its own."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    company: Company
    delivery: Delivery
    table: TableContract
    scratch: Path
    held: set[str]
    """The sha256 of all bytes that were delivered; it grows as loads are entered."""
    is_next_of_table: bool
    """Whether all that its table is to hold before it is held."""

    @property
    def decisions(self) -> Path:
        """Return the folder of decisions of the delivery's date."""
        landing = self.company.landing_of(self.delivery.source.name, self.settings)
        return landing / self.delivery.business_date.isoformat() / ACCEPTED_FOLDER

    def is_accepted(self, kept: Kept) -> bool:
        """Return whether a person let these bytes in."""
        return (self.decisions / kept.sha256).is_file()


def readable_contract(delivery: Delivery) -> TableContract:
    """Return how the delivery's bytes are written; mended rows and extracts are csv."""
    if delivery.table.is_database and not delivery.is_mended:
        return plain_csv(delivery.table)
    if not delivery.is_mended:
        return delivery.table
    columns = [
        column.model_copy(update={"is_optional": not column.is_required})
        for column in delivery.table.columns
    ]
    return plain_csv(delivery.table).model_copy(update={"columns": columns})


@dataclass
class Counter:
    """What load comes next; one writer at a time counts.

    Args:
        load_id: The last load.
        known_at: When it became known; none when there was no load.
        batch_id: The last batch.
        open_on: The business date of the last batch, if nobody has checked it: its
            night died, and what else the date brings is of the same batch.
    """

    load_id: int
    known_at: datetime | None
    batch_id: int
    open_on: date | None = None

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection) -> "Counter":
        """Read from the ledger in use how far it is."""
        found = connection.execute(
            "select coalesce(max(load_id), 0), max(known_at), "
            "coalesce(max(batch_id), 0), max_by(business_date, load_id) filter (where "
            "batch_id > (select coalesce(max(batch_id), 0) from checks.result)) "
            "from ledger.load"
        ).fetchone()
        return cls(*found) if found else cls(0, None, 0)

    def begin(self, on: date) -> None:
        """Begin the batch of a business date, or go on with one that was broken off.

        Args:
            on: The business date.
        """
        if on != self.open_on:
            self.batch_id += 1
        self.open_on = None

    def next_stamp(self, on: date, now: datetime) -> Stamp:
        """Return what the next load carries; ids and known times only grow.

        Args:
            on: The business date.
            now: The clock's moment.
        """
        moment = now.replace(microsecond=0)
        if self.known_at is not None:
            moment = max(moment, self.known_at + timedelta(seconds=1))
        self.load_id, self.known_at = self.load_id + 1, moment
        return Stamp(self.load_id, on, moment)


def _last_cursor(receipt: Receipt) -> str | None:
    found = receipt.connection.execute(
        "select cursor_value from ledger.load where source_name = ? "
        "and table_name = ? and status <> 'refused' and cursor_value is not null "
        "order by load_id desc limit 1",
        [receipt.delivery.source.name, receipt.delivery.table.name],
    ).fetchone()
    return found[0] if found else None


def keep_bytes(receipt: Receipt) -> tuple[Kept, str | None]:
    """Keep the bytes of a file, or of what a database has that is new."""
    places = receipt.settings.places
    if receipt.delivery.path is not None:
        return keep(receipt.delivery.path, places), None
    extracted = extract(
        receipt.connection,
        receipt.settings,
        receipt.company,
        receipt.delivery,
        since=_last_cursor(receipt),
        target=receipt.scratch / "extract.csv",
    )
    return keep(extracted.path, places), extracted.cursor_value


def rows_held(receipt: Receipt, sha256: str) -> int | None:
    """Return how many rows the same bytes delivered before; none if they are new.

    A snapshot states a whole again after another one came between: it is a repeat only
    of the snapshot in force on its date. A copy of a row repeats only one that came in:
    as a replay it has the bytes of one that was quarantined.
    """
    if sha256 not in receipt.held:
        return None
    delivery = receipt.delivery
    found = receipt.connection.execute(
        _HELD,
        {
            "source": delivery.source.name,
            "table": delivery.table.name,
            "sha256": sha256,
            "business_date": delivery.business_date,
            "is_snapshot": delivery.table.delivery is Mode.FULL,
            "is_mended": delivery.is_mended,
            "mended": f"{MENDED_FOLDER}/",
        },
    ).fetchone()
    return int(found[0]) if found else None
