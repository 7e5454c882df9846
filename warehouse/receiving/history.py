"""Which delivered rows are new, by the delivery mode of their table.

Works on the temp tables `delivered` and `verdict` and the raw table of the contract;
leaves `excluded`, the rows not to be loaded, each with its fate.
"""

from datetime import date

import duckdb

from warehouse.contracts import Delivery as Mode
from warehouse.contracts import SourceContract, TableContract
from warehouse.database import literal
from warehouse.receiving.snapshots import count_rows, create_held, key_sql, raw_table

_KEY_CONFLICT = "the key is in the snapshot twice, with different contents"


def _create_candidates(
    connection: duckdb.DuckDBPyConnection, table: TableContract
) -> None:
    key = key_sql(table) if table.delivery is Mode.FULL else "null"
    connection.execute(
        f"""
        create or replace temp view candidate as
        select rowid as rid, {key} as k, _record_hash as h
        from temp.delivered
        where rowid not in (select rid from temp.verdict)
        """  # noqa: S608
    )


def _exclude_repeats_within(connection: duckdb.DuckDBPyConnection) -> None:
    """A row that stands in the delivery twice is a repeat, the second time."""
    if not count_rows(
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
        """  # noqa: S608
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
        """  # noqa: S608
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


def exclude_own_repeats(
    connection: duckdb.DuckDBPyConnection, table: TableContract
) -> None:
    """Make `excluded` of the rows that stand in the delivery a second time.

    Args:
        connection: The session of the load.
        table: The contract.
    """
    connection.execute(
        "create or replace temp table excluded (rid bigint, fate varchar)"
    )
    if table.keys:
        _create_candidates(connection, table)
        _exclude_repeats_within(connection)


def decide_fates(
    connection: duckdb.DuckDBPyConnection,
    source: SourceContract,
    table: TableContract,
    on: date,
) -> None:
    """Add to `excluded` what is held already; conflicting keys get a verdict.

    Args:
        connection: The session of the load.
        source: The source.
        table: The contract; its delivery mode says what a repeat is.
        on: The business date.
    """
    raw = raw_table(source, table)
    if not table.keys:
        return
    if table.delivery is Mode.FULL:
        create_held(connection, table, raw, on)
        _exclude_of_snapshot(connection)
        return
    is_same_day = table.delivery is Mode.DELTA and table.clock is None
    day = f"_delivered_on = date {literal(on.isoformat())}" if is_same_day else "true"
    _exclude_known(connection, raw, day)
