"""What deltas and events say again: kept, and stated when a late delivery calls for it.

A row that says what was said last of its key is a repeat and is not appended. If a
delivery that comes late says something else of a date in between, the repeat was none:
it took that back. So each repeat of an earlier date's row is kept, as two numbers.
"""

from string import Template

import duckdb

from warehouse.contracts import SourceContract, TableContract
from warehouse.database import literal
from warehouse.receiving.history import subject_sql
from warehouse.receiving.snapshots import Stamp, insert_concluded, raw_table

_FIRST_AGAIN = Template("""
with stated as (
    select
        $subject as k, _record_hash as h, rowid as raw_rid,
        _load_id as of_load_id, _row as of_row, _delivered_on as stated_on
    from $raw
),
told as (
    select k, max_by(h, of_row) as h
    from stated where of_load_id = $load_id group by k
),
said as (
    select k, min(stated_on) as stated_on
    from stated where stated_on > $late_on group by k
),
again as (
    select k, h, raw_rid, later.business_date as stated_on
    from ledger.said_again
    inner join ledger.load as later using (load_id)
    inner join stated using (of_load_id, of_row)
    where
        later.source_name = $source
        and later.table_name = $table
        and later.business_date > $late_on
),
first_again as (
    select k, min_by({'h': h, 'rid': raw_rid}, stated_on) as state,
        min(stated_on) as stated_on
    from again where k in (select k from told) group by k
)
select first_again.k, state.rid as raw_rid, false as is_gone,
    first_again.stated_on
from first_again
inner join told on first_again.k = told.k and state.h <> told.h
left join said on first_again.k = said.k
where first_again.stated_on < coalesce(said.stated_on, date '9999-12-31')
""")


def keep(connection: duckdb.DuckDBPyConnection, stamp: Stamp) -> None:
    """Keep which rows of earlier dates a load said again.

    Args:
        connection: The session of the load, with `known`, in its transaction.
        stamp: What the rows of the load carry.
    """
    connection.execute(
        "insert into ledger.said_again "
        "select ?, moment.load_id, moment.load_row from temp.known "
        "where moment.said_on < ? order by all",
        [stamp.load_id, stamp.business_date],
    )


def _is_late(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    stamp: Stamp,
) -> bool:
    """Return whether a load of a later date has repeated anything."""
    found = connection.execute(
        "select 1 from ledger.load where source_name = ? and table_name = ? "
        "and business_date > ? and status = 'loaded' and rows_repeated > 0 limit 1",
        [source.name, table.name, stamp.business_date],
    ).fetchone()
    return found is not None


def restate(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    stamp: Stamp,
) -> None:
    """State again what later dates repeated, where a late load says something else.

    The first repeat after the late date counts, at its own date, unless raw holds a
    word of that date or of one before it.

    Args:
        connection: The session of the load, in its transaction, its rows appended.
        source: The source.
        table: The contract: keyed, and no snapshot.
        stamp: What the rows of the load carry.
    """
    if not _is_late(connection, source, table, stamp):
        return
    raw = raw_table(source, table)
    chosen = _FIRST_AGAIN.substitute(
        subject=subject_sql(table),
        raw=raw,
        load_id=stamp.load_id,
        late_on=f"date {literal(stamp.business_date.isoformat())}",
        source=literal(source.name),
        table=literal(table.name),
    )
    insert_concluded(connection, table, raw, stamp, chosen=chosen)
