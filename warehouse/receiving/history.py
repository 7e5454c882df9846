"""Which delivered rows are new, and what a full snapshot concludes beyond its rows.

Works on the temp tables `delivered`, `verdict` and the raw table of the contract; leaves
`excluded` (rows not to be loaded, each with its fate) and, for snapshots, `held`.
"""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from warehouse.contracts import Delivery as Mode
from warehouse.contracts import SourceContract, TableContract
from warehouse.database import identifier, literal
from warehouse.receiving.columns import fields_sql
from warehouse.receiving.reasons import Refusal

_KEY_CONFLICT = "the key is in the snapshot twice, with different contents"


@dataclass(frozen=True)
class Stamp:
    """What every row of one load carries."""

    load_id: int
    business_date: date
    known_at: datetime


def raw_table(source: SourceContract, table: TableContract) -> str:
    """Return the name of the raw table, quoted."""
    return f"{identifier(source.schema_name)}.{identifier(table.name)}"


def _key_sql(table: TableContract) -> str:
    return f"concat_ws('|', {fields_sql(table.keys)})"


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


def _create_candidates(
    connection: duckdb.DuckDBPyConnection, table: TableContract
) -> None:
    key = _key_sql(table) if table.delivery is Mode.FULL else "null"
    connection.execute(
        f"""
        create or replace temp view candidate as
        select rowid as rid, {key} as k, _record_hash as h
        from temp.delivered
        where rowid not in (select rid from temp.verdict)
        """
    )


def _exclude_repeats_within(connection: duckdb.DuckDBPyConnection) -> None:
    """A row that stands in the delivery twice is a repeat, the second time."""
    if not _count(
        connection,
        "select count(*) from "
        "(select 1 from temp.candidate group by h having count(*) > 1 limit 1)",
    ):
        return
    connection.execute(
        """
        insert into temp.excluded
        with numbered as (
            select rid, row_number() over (partition by h order by rid) as ordinal
            from temp.candidate
        )
        select rid, 'repeated' from numbered where ordinal > 1
        """
    )


def _exclude_known(
    connection: duckdb.DuckDBPyConnection, raw: str, condition: str
) -> None:
    connection.execute(
        f"""
        insert into temp.excluded
        select rid, 'repeated'
        from temp.candidate
        where
            h in (
                select _record_hash from {raw} where not _is_deleted and {condition}
            )
            and rid not in (select rid from temp.excluded)
        """
    )


def _create_held(
    connection: duckdb.DuckDBPyConnection, table: TableContract, raw: str, on: date
) -> None:
    """Keep the state of each key as of a business date, before this load."""
    connection.execute(
        f"""
        create or replace temp table held as
        with stated as (
            select
                {_key_sql(table)} as k,
                {{'h': _record_hash, 'gone': _is_deleted, 'rid': rowid}} as state,
                row(_delivered_on, _load_id) as moment
            from {raw}
            where _delivered_on <= ?
        )
        select k, max_by(state, moment) as state from stated group by k
        """,
        [on],
    )


def _exclude_of_snapshot(connection: duckdb.DuckDBPyConnection) -> None:
    """Key conflicts go to quarantine; rows as they are held are repeats."""
    connection.execute(
        f"""
        insert into temp.verdict
        with conflict as (
            select k from temp.candidate group by k having min(h) <> max(h)
        )
        select rid, 'key_conflict', null, {literal(_KEY_CONFLICT)}
        from temp.candidate
        where k in (select k from conflict)
        order by rid
        """
    )
    connection.execute(
        """
        insert into temp.excluded
        select rid, 'repeated'
        from temp.candidate
        inner join temp.held using (k)
        where
            candidate.h = held.state.h
            and not held.state.gone
            and rid not in (select rid from temp.verdict)
            and rid not in (select rid from temp.excluded)
        """
    )


def decide_fates(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    on: date,
) -> None:
    """Make `excluded` of the rows that are repeats; conflicting keys get a verdict.

    Args:
        connection: The session of the load.
        source: The source.
        table: The contract; its delivery mode says what a repeat is.
        on: The business date.
    """
    raw = raw_table(source, table)
    connection.execute(
        "create or replace temp table excluded (rid bigint, fate varchar)"
    )
    if not table.keys:
        return
    _create_candidates(connection, table)
    _exclude_repeats_within(connection)
    if table.delivery is Mode.FULL:
        _create_held(connection, table, raw, on)
        _exclude_of_snapshot(connection)
        return
    is_same_day = table.delivery is Mode.DELTA and table.clock is None
    day = f"_delivered_on = date {literal(on.isoformat())}" if is_same_day else "true"
    _exclude_known(connection, raw, day)


def find_gone(connection: duckdb.DuckDBPyConnection, table: TableContract) -> int:
    """Make `gone` of the keys that are held and not in the snapshot; count them.

    A key whose row went to quarantine is still there.

    Raises:
        Refusal: More keys would go than the contract allows.
    """
    connection.execute(
        f"""
        create or replace temp table gone as
        with seen as (select distinct {_key_sql(table)} as k from temp.delivered)
        select k, held.state.rid as raw_rid
        from temp.held
        where not held.state.gone and k not in (select k from seen)
        """
    )
    return _count(connection, "select count(*) from temp.gone")


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
    held = _count(connection, "select count(*) from temp.held where not state.gone")
    if held and 100 * gone / held > limit:
        raise Refusal(
            "shrinkage",
            f"{gone} of {held} keys would go, more than {limit:g} percent",
        )


def _copied(table: TableContract) -> str:
    return ", ".join(identifier(column.name) for column in table.columns)


def _insert_concluded(
    connection: duckdb.DuckDBPyConnection,
    table: TableContract,
    raw: str,
    stamp: Stamp,
    *,
    on: date,
    chosen: str,
    offset: int,
) -> int:
    """Append rows that the warehouse concludes; `chosen` yields k, raw_rid, is_gone."""
    copied = _copied(table)
    connection.execute(
        f"""
        insert into {raw}
            ({copied}, _load_id, _row, _delivered_on, _known_at, _is_deleted,
             _record_hash, _extra)
        with chosen as ({chosen})
        select
            {copied}, ?, -(? + row_number() over (order by k)), ?, ?, is_gone,
            _record_hash, _extra
        from {raw} as held_row
        inner join chosen on held_row.rowid = chosen.raw_rid
        """,
        [stamp.load_id, offset, on, stamp.known_at],
    )
    return _count(
        connection,
        f"select count(*) from {raw} where _load_id = {stamp.load_id} and _row < 0",
    )


def insert_tombstones(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    stamp: Stamp,
) -> None:
    """Append a row that says so for each key that is gone from a snapshot."""
    _insert_concluded(
        connection,
        table,
        raw_table(source, table),
        stamp,
        on=stamp.business_date,
        chosen="select k, raw_rid, true as is_gone from temp.gone",
        offset=0,
    )


def restate_next_snapshot(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    stamp: Stamp,
) -> None:
    """State again, at the next snapshot's date, what a late snapshot would change there.

    The next snapshot left out what was equal to the state of its day; a late one changes
    that state, so the rows left out are appended now, as they were.
    """
    raw = raw_table(source, table)
    found = connection.execute(
        "select min(business_date) from ledger.load where source_name = ? "
        "and table_name = ? and status = 'loaded' and business_date > ? "
        "and not starts_with(delivered_name, '_mended/')",
        [source.name, table.name, stamp.business_date],
    ).fetchone()
    if found is None or found[0] is None:
        return
    after = found[0].isoformat()
    key = _key_sql(table)
    concluded = _count(
        connection,
        f"select count(*) from {raw} where _load_id = {stamp.load_id} and _row < 0",
    )
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
            held.state.gone is distinct from false as is_gone
        from changed
        left join temp.held on changed.k = held.k
        where changed.k not in (select k from stated)
    """
    _insert_concluded(
        connection,
        table,
        raw,
        stamp,
        on=found[0],
        chosen=chosen,
        offset=concluded,
    )
