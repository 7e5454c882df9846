"""Appending a checked delivery to the archive: raw, quarantine and ledger, at once."""

import dataclasses

import duckdb
import pyarrow as pa

from warehouse.clock import Clock
from warehouse.contracts import Delivery as Mode
from warehouse.contracts import SourceContract, TableContract
from warehouse.database import identifier, transaction
from warehouse.receiving import said_again, snapshots
from warehouse.receiving.model import Load, Read
from warehouse.receiving.profile import keep_profile
from warehouse.receiving.reasons import Refusal, RejectedRow

_FIELDS = tuple(field.name for field in dataclasses.fields(Load))


@dataclasses.dataclass(frozen=True)
class LeftOut:
    """Which rows of a delivery are not to be loaded.

    Args:
        rejected: Those with a verdict.
        repeated: How many more are known repeats.
    """

    rejected: list[RejectedRow]
    repeated: int


def enter(connection: duckdb.DuckDBPyConnection, load: Load) -> None:
    """Append a row to the ledger."""
    names = ", ".join(_FIELDS)
    marks = ", ".join("?" for _ in _FIELDS)
    connection.execute(
        f"insert into ledger.load ({names}) values ({marks})",  # noqa: S608
        [getattr(load, name) for name in _FIELDS],
    )


def _create_shift(connection: duckdb.DuckDBPyConnection, read: Read) -> str:
    """Return the expression of a row's ordinal, given the rows that were rejected.

    The accepted row number `n` (from 1) is record `n + shift`, the shift being how many
    rejected rows stand before it.
    """
    if not read.rejected:
        return "rowid + 1"
    rows = sorted(row.row for row in read.rejected)
    shift = pa.table(
        {
            "threshold": pa.array(
                [row - before for before, row in enumerate(rows)], pa.int64()
            ),
            "shift": pa.array(range(1, len(rows) + 1), pa.int64()),
        }
    )
    connection.register("shift_rows", shift)
    connection.execute(
        "create or replace temp table shift as "
        "select threshold, max(shift) as shift from shift_rows group by threshold"
    )
    connection.unregister("shift_rows")
    return "delivered.rowid + 1 + coalesce(shift.shift, 0)"


def number_rows(connection: duckdb.DuckDBPyConnection, read: Read) -> None:
    """Make the view `numbered`: the delivered rows with rowid and ordinal.

    Args:
        connection: A session with `delivered`.
        read: What the reader found.
    """
    ordinal = _create_shift(connection, read)
    joined = (
        "asof left join temp.shift on delivered.rowid + 1 >= shift.threshold"
        if read.rejected
        else ""
    )
    connection.execute(
        "create or replace temp view numbered as "  # noqa: S608
        f"select delivered.*, delivered.rowid as rid, {ordinal} as _row "
        f"from temp.delivered {joined}"
    )


def left_out(connection: duckdb.DuckDBPyConnection, read: Read) -> LeftOut:
    """Return the rows of a delivery that are not to be loaded.

    Args:
        connection: A session with `numbered`, `verdict` and `excluded` made.
        read: What the reader found.
    """
    [[verdicts, repeated]] = connection.execute(
        "select (select count(*) from temp.verdict), count(*) from temp.excluded "
        "where rid not in (select rid from temp.verdict)"
    ).fetchall()
    rejected = _rejected_at_door(connection, read) if verdicts else []
    return LeftOut(rejected, repeated)


def _rejected_at_door(
    connection: duckdb.DuckDBPyConnection, read: Read
) -> list[RejectedRow]:
    found = connection.execute(
        "select numbered._row, verdict.code, verdict.reason, verdict.column_name "
        "from temp.verdict inner join temp.numbered using (rid) order by numbered._row"
    ).fetchall()
    located = read.locate([row[0] for row in found])
    return [
        RejectedRow(row, line, code, reason, raw, column)
        for (row, code, reason, column), (line, raw) in zip(found, located, strict=True)
    ]


def _chosen(out: LeftOut) -> str:
    """Return the condition on the rows to load; none when all are, as mostly."""
    conditions = [
        f"rid not in (select rid from temp.{name})"  # noqa: S608
        for name, count in (("excluded", out.repeated), ("verdict", len(out.rejected)))
        if count
    ]
    return f"where {' and '.join(conditions)}" if conditions else ""


def _insert_rows(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    stamp: snapshots.Stamp,
    chosen: str,
) -> int:
    columns = ", ".join(identifier(column.name) for column in table.columns)
    inserted = connection.execute(
        f"""
        insert into {snapshots.raw_table(source, table)}
            ({columns}, _extra, _load_id, _row, _delivered_on, _known_at, _is_deleted,
             _record_hash)
        select
            {columns}, _extra, ?, _row, ?, ?, false, _record_hash
        from temp.numbered
        {chosen}
        """,  # noqa: S608
        [stamp.load_id, stamp.business_date, stamp.known_at],
    ).fetchone()
    return int(inserted[0]) if inserted else 0


def _insert_quarantine(
    connection: duckdb.DuckDBPyConnection, load: Load, rejected: list[RejectedRow]
) -> None:
    if not rejected:
        return
    connection.register(
        "rejected_rows",
        pa.table(
            {
                "row_number": pa.array([row.row for row in rejected], pa.int64()),
                "line_number": pa.array([row.line for row in rejected], pa.int64()),
                "reason_code": pa.array([row.code for row in rejected], pa.string()),
                "reason": pa.array([row.reason for row in rejected], pa.string()),
                "column_name": pa.array([row.column for row in rejected], pa.string()),
                "raw_bytes": pa.array([row.raw for row in rejected], pa.binary()),
            }
        ),
    )
    connection.execute(
        "insert into quarantine.row (load_id, source_name, table_name, delivered_name, "
        "row_number, line_number, reason_code, reason, column_name, raw_bytes) "
        "select ?, ?, ?, ?, row_number, line_number, reason_code, reason, column_name, "
        "raw_bytes from rejected_rows order by row_number",
        [load.load_id, load.source_name, load.table_name, load.delivered_name],
    )
    connection.unregister("rejected_rows")


def _assert_balance(
    delivered: int, loaded: int, quarantined: int, repeated: int
) -> None:
    if delivered != loaded + quarantined + repeated:
        raise Refusal(
            "balance",
            f"{delivered} rows delivered, but {loaded} loaded, {quarantined} "
            f"quarantined, {repeated} repeated",
        )


def append(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    stamp: snapshots.Stamp,
    read: Read,
    out: LeftOut,
    load: Load,
    clock: Clock,
) -> Load:
    """Append rows, quarantine and ledger row in one transaction; return the ledger row.

    Args:
        connection: A session with `numbered`, `verdict`, `excluded` made.
        source: The source.
        table: The contract.
        stamp: What the rows carry.
        read: What the reader found.
        out: The rows that are not to be loaded.
        load: The ledger row so far; `rows_deleted` says how many tombstones are due.
        clock: What says when it was finished.

    Raises:
        Refusal: The counts do not add up; nothing was appended.
    """
    rejected = [*read.rejected, *out.rejected]
    with transaction(connection):
        loaded = _insert_rows(connection, source, table, stamp, _chosen(out))
        _assert_balance(read.rows_delivered, loaded, len(rejected), out.repeated)
        if load.rows_deleted:
            snapshots.insert_tombstones(connection, source, table, stamp)
        if table.delivery is Mode.FULL:
            snapshots.restate_next_snapshot(connection, source, table, stamp)
        elif table.keys:
            said_again.restate(connection, source, table, stamp)
            if out.repeated:
                said_again.keep(connection, stamp)
        entered = dataclasses.replace(
            load,
            rows_delivered=read.rows_delivered,
            rows_loaded=loaded,
            rows_quarantined=len(rejected),
            rows_repeated=out.repeated,
            finished_at=clock.now(),
        )
        _insert_quarantine(connection, entered, rejected)
        enter(connection, entered)
        keep_profile(connection, entered.load_id, read.profile)
    return entered
