"""Landing: a delivery's bytes kept, its rows read and each held against its contract.

Nothing of it depends on what other tables were delivered, so many can land at once.
What the rows mean beside those that are held is told here too, unless another delivery
of the table has yet to be appended: then in their turn.
"""

from dataclasses import dataclass

from warehouse.contracts import Delivery as Mode
from warehouse.contracts import TableContract
from warehouse.machine import in_words, is_shortage
from warehouse.receiving import history, loading
from warehouse.receiving.door import check_rows
from warehouse.receiving.footer import check_footer
from warehouse.receiving.keeping import Kept
from warehouse.receiving.loading import LeftOut
from warehouse.receiving.model import Read
from warehouse.receiving.readers import READERS
from warehouse.receiving.reasons import Refusal
from warehouse.receiving.receipt import Receipt, keep_bytes, rows_held
from warehouse.receiving.unpack import unpack


@dataclass
class Landed:
    """How far a delivery came by itself.

    Args:
        kept: Its bytes; none when there were none to be had.
        cursor_value: How far a database was read.
        read: What the reader found; its session has `numbered`, `verdict` and
            `excluded`. None when it is refused, or its bytes are held already.
        left_out: The rows not to be loaded; none when that is to be told in its turn.
        refusal: Why the delivery is refused as a whole.
    """

    kept: Kept | None = None
    cursor_value: str | None = None
    read: Read | None = None
    left_out: LeftOut | None = None
    refusal: Refusal | None = None


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


def read_rows(receipt: Receipt, kept: Kept) -> Read:
    """Read and check the rows of kept bytes.

    Raises:
        Refusal: The delivery is to be refused as a whole.
    """
    connection, delivery, table = receipt.connection, receipt.delivery, receipt.table
    plain = unpack(kept.path, table, receipt.scratch / "plain")
    read = READERS[table.format](connection, table, plain, receipt.scratch)
    if not (delivery.is_mended or receipt.is_accepted(kept)):
        _check_volume(table, read, may_be_empty=delivery.table.is_database)
    check_footer(connection, table, read)
    read.profile = check_rows(connection, table, delivery.business_date)
    history.exclude_own_repeats(connection, table)
    loading.number_rows(connection, read)
    return read


def hold_against_held(receipt: Receipt, read: Read) -> LeftOut:
    """Tell which rows are not to be loaded beside those that the archive holds.

    Args:
        receipt: Its session has `numbered`, `verdict` and `excluded`.
        read: What the reader found.
    """
    delivery = receipt.delivery
    history.decide_fates(
        receipt.connection, delivery.source, receipt.table, delivery.business_date
    )
    return loading.left_out(receipt.connection, read)


def land(receipt: Receipt) -> Landed:
    """Keep the bytes of a delivery, and read them unless they are held already.

    Raises:
        StillWrittenError: The file changed while it was read; it waits.
        MachineError: Disk or memory failed.
    """
    landed = Landed()
    try:
        landed.kept, landed.cursor_value = keep_bytes(receipt)
        if rows_held(receipt, landed.kept.sha256) is None:
            landed.read = read_rows(receipt, landed.kept)
            if receipt.is_next_of_table:
                landed.left_out = hold_against_held(receipt, landed.read)
    except Refusal as refusal:
        landed.refusal = blamed(refusal)
    return landed


def blamed(refusal: Refusal) -> Refusal:
    """Return the refusal, unless the delivery is not to blame for it.

    Raises:
        MachineError: Disk or memory failed. A refusal would stay in the ledger, and
            hold the publication back when the machine is long mended.
    """
    cause = refusal.__cause__
    told = in_words(cause) if cause and is_shortage(cause) else None
    if told is not None:
        raise told from None
    return refusal
