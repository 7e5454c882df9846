"""What a full snapshot says beyond its rows: keys gone, states to be stated again.

Raw keeps of a snapshot only what differs from the state of its day. So a snapshot that
comes late changes the days after it, unless their states are stated again.
"""

from dataclasses import dataclass
from datetime import date, datetime
from string import Template

import duckdb

from warehouse.contracts import SourceContract, TableContract
from warehouse.database import identifier
from warehouse.receiving.columns import fields_sql
from warehouse.receiving.reasons import Refusal

_GONE = Template(
    "select k, raw_rid, true as is_gone, date '$on' as stated_on from temp.gone"
)


@dataclass(frozen=True)
class Stamp:
    """What every row of one load carries."""

    load_id: int
    business_date: date
    known_at: datetime


def raw_table(source: SourceContract, table: TableContract) -> str:
    """Return the name of the raw table, quoted."""
    return f"{identifier(source.schema_name)}.{identifier(table.name)}"


def key_sql(table: TableContract) -> str:
    """Return the expression of a row's key, one text."""
    return f"concat_ws('|', {fields_sql(table.keys)})"


def count_rows(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """Return the one number that a query yields."""
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


def create_held(
    connection: duckdb.DuckDBPyConnection, table: TableContract, raw: str, on: date
) -> None:
    """Keep the state of each key as of a business date, before this load."""
    connection.execute(
        f"""
        create or replace temp table held as
        with stated as (
            select
                {key_sql(table)} as k,
                {{'h': _record_hash, 'gone': _is_deleted, 'rid': rowid}} as state,
                row(_delivered_on, _load_id) as moment
            from {raw}
            where _delivered_on <= ?
        )
        select k, max_by(state, moment) as state from stated group by k
        """,  # noqa: S608
        [on],
    )


def find_gone(connection: duckdb.DuckDBPyConnection, table: TableContract) -> int:
    """Make `gone` of the keys that are held and not in the snapshot; count them.

    A key whose row went to quarantine is still there.

    Raises:
        Refusal: More keys would go than the contract allows.
    """
    connection.execute(
        f"""
        create or replace temp table gone as
        with seen as (select distinct {key_sql(table)} as k from temp.delivered)
        select k, held.state.rid as raw_rid
        from temp.held
        where not held.state.gone and k not in (select k from seen)
        """  # noqa: S608
    )
    return count_rows(connection, "select count(*) from temp.gone")


def check_shrinkage(
    connection: duckdb.DuckDBPyConnection, table: TableContract, gone: int
) -> None:
    """Hold a snapshot from which too many keys are gone.

    Raises:
        Refusal: The share of keys gone is beyond the contract's.
    """
    limit = table.rows.shrinkage_pct
    if limit is None:
        return
    held = count_rows(connection, "select count(*) from temp.held where not state.gone")
    if held and 100 * gone / held > limit:
        raise Refusal(
            "shrinkage",
            f"{gone} of {held} keys would go, more than {limit:g} percent",
        )


def _copied(table: TableContract) -> str:
    return ", ".join(identifier(column.name) for column in table.columns)


def insert_concluded(
    connection: duckdb.DuckDBPyConnection,
    table: TableContract,
    raw: str,
    stamp: Stamp,
    *,
    chosen: str,
    offset: int = 0,
) -> None:
    """Append rows that the warehouse concludes, copies of rows that it holds.

    Args:
        connection: The session of the load.
        table: The contract.
        raw: Its raw table.
        stamp: What the rows carry.
        chosen: A query that yields `k`, `raw_rid`, `is_gone` and the date `stated_on`.
        offset: How many rows the load has concluded already.
    """
    copied = _copied(table)
    connection.execute(
        f"""
        insert into {raw}
            ({copied}, _load_id, _row, _delivered_on, _known_at, _is_deleted,
             _record_hash, _extra)
        with chosen as ({chosen})
        select
            {copied}, ?, -(? + row_number() over (order by k)), stated_on, ?, is_gone,
            _record_hash, _extra
        from {raw} as held_row
        inner join chosen on held_row.rowid = chosen.raw_rid
        """,  # noqa: S608
        [stamp.load_id, offset, stamp.known_at],
    )


def insert_tombstones(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    stamp: Stamp,
) -> None:
    """Append a row that says so for each key that is gone from a snapshot."""
    insert_concluded(
        connection,
        table,
        raw_table(source, table),
        stamp,
        chosen=_GONE.substitute(on=stamp.business_date),
    )


def _next_snapshot(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    stamp: Stamp,
) -> date | None:
    """Return the date of the snapshot that follows this load's in time, if any."""
    found = connection.execute(
        "select min(business_date) from ledger.load where source_name = ? "
        "and table_name = ? and status <> 'refused' and business_date > ? "
        "and not starts_with(delivered_name, '_mended/')",
        [source.name, table.name, stamp.business_date],
    ).fetchone()
    return found[0] if found else None


def _count_concluded(
    connection: duckdb.DuckDBPyConnection, raw: str, stamp: Stamp
) -> int:
    return count_rows(
        connection,
        f"select count(*) from {raw} where _load_id = {stamp.load_id} and _row < 0",  # noqa: S608
    )


def restate_next_snapshot(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    stamp: Stamp,
) -> None:
    """State again, at the next snapshot's date, what a late one would change there.

    The next snapshot left out what was equal to the state of its day; a late one
    changes that state, so the rows left out are appended now, as they were.
    """
    raw = raw_table(source, table)
    after = _next_snapshot(connection, source, table, stamp)
    if after is None:
        return
    key = key_sql(table)
    chosen = f"""
        with changed as (
            select {key} as k, max(rowid) as rid
            from {raw} where _load_id = {stamp.load_id} group by all
        ),
        stated as (
            select {key} as k from {raw} where _delivered_on = date '{after}'
        )
        select
            changed.k,
            case when held.state.gone is false then held.state.rid else changed.rid end
                as raw_rid,
            held.state.gone is distinct from false as is_gone,
            date '{after}' as stated_on
        from changed
        left join temp.held on changed.k = held.k
        where changed.k not in (select k from stated)
    """  # noqa: S608
    insert_concluded(
        connection,
        table,
        raw,
        stamp,
        chosen=chosen,
        offset=_count_concluded(connection, raw, stamp),
    )
