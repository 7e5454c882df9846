"""Which delivered rows are new, by the delivery mode of their table.

Works on the temp tables `delivered` and `verdict` and the raw table of the contract;
leaves `excluded`, the rows not to be loaded, each with its fate, and `known`, the rows
that say what raw holds, each with the moment at which that was said.
"""

from datetime import date
from string import Template

import duckdb

from warehouse.contracts import Delivery as Mode
from warehouse.contracts import SourceContract, TableContract
from warehouse.database import identifier, literal
from warehouse.receiving.columns import fields_sql
from warehouse.receiving.snapshots import count_rows, create_held, key_sql, raw_table

_KEY_CONFLICT = "the key is in the snapshot twice, with different contents"
_NOTHING_KNOWN = """
create or replace temp table known (
    rid bigint, moment struct(said_on date, load_id bigint, load_row bigint)
)
"""
_SAID = Template("select _record_hash from $raw where $days")
_ANY_SAID = Template("select count(*) from temp.candidate where h in ($said)")
_KNOWN = Template("""
create or replace temp table known as
with opening as (
    select k, min_by(h, rid) as h, min(rid) as rid
    from temp.candidate
    group by k
),
likely as (
    select k, h, rid from opening where h in ($said)
),
stated as (
    select
        $subject as k,
        {'h': _record_hash, 'gone': _is_deleted} as state,
        {'said_on': _delivered_on, 'load_id': _load_id, 'load_row': _row} as moment
    from $raw
    where
        $days
        and $key in (
            select $key from temp.delivered where rowid in (select rid from likely)
        )
),
held as (
    select k, max_by(state, moment) as state, max(moment) as moment
    from stated
    where k in (select k from likely)
    group by k
)
select likely.rid, held.moment
from likely
inner join held on likely.k = held.k
where likely.h = held.state.h and not held.state.gone
""")
_REPEATED_WITHIN = Template("""
insert into temp.excluded
with numbered as (
    select rid, h, lag(h) over (partition by $same order by rid) as last_h
    from temp.candidate
)

select rid, 'repeated' from numbered where h = last_h
""")


def _create_candidates(
    connection: duckdb.DuckDBPyConnection, table: TableContract
) -> None:
    connection.execute(
        f"""
        create or replace temp view candidate as
        select rowid as rid, {subject_sql(table)} as k, _record_hash as h
        from temp.delivered
        where rowid not in (select rid from temp.verdict)
        """  # noqa: S608
    )


def subject_sql(table: TableContract) -> str:
    """Return what a row speaks of: a key, and the moment where the source tells it.

    Args:
        table: The contract; a snapshot speaks of keys alone.
    """
    clock = [table.clock] if table.clock and table.delivery is not Mode.FULL else []
    return (
        f"concat_ws('|', {key_sql(table)}, {fields_sql(clock)})"
        if clock
        else (key_sql(table))
    )


def _exclude_repeats_within(
    connection: duckdb.DuckDBPyConnection, table: TableContract
) -> None:
    """A row that says again what was said last is a repeat.

    In a snapshot rows have no order: there it may stand anywhere.
    """
    if not count_rows(
        connection,
        "select count(*) from "
        "(select 1 from temp.candidate group by h having count(*) > 1 limit 1)",
    ):
        return
    same = "k, h" if table.delivery is Mode.FULL else "k"
    connection.execute(_REPEATED_WITHIN.substitute(same=same))


def _exclude_known(
    connection: duckdb.DuckDBPyConnection, table: TableContract, raw: str, days: str
) -> None:
    """What a delivery says first of a key is a repeat of what was said of it last.

    What was said, was corrected, and is said again, is no repeat. Most deliveries say
    nothing again, which the hashes alone tell.
    """
    said = _SAID.substitute(raw=raw, days=days)
    if not count_rows(connection, _ANY_SAID.substitute(said=said)):
        return
    query = _KNOWN.substitute(
        said=said,
        subject=subject_sql(table),
        raw=raw,
        days=days,
        key=identifier(table.keys[0]),
    )
    connection.execute(query)
    connection.execute(
        "insert into temp.excluded select rid, 'repeated' from temp.known"
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
    """Make `excluded` of the rows that say what the delivery has just said; no `known`.

    Args:
        connection: The session of the load.
        table: The contract.
    """
    connection.execute(
        "create or replace temp table excluded (rid bigint, fate varchar)"
    )
    connection.execute(_NOTHING_KNOWN)
    if table.keys:
        _create_candidates(connection, table)
        _exclude_repeats_within(connection, table)


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
    days = f"_delivered_on = date {literal(on.isoformat())}" if is_same_day else "true"
    _exclude_known(connection, table, raw, days)
