"""Which rows of a table only the release has, and which only the work database.

Both are told by their places: a table of `gone`, of rows to delete, and `new`, of rows
to insert. It is made from the keys that the journal tells, and from hashes of rows.
"""

import duckdb

from warehouse.publication import journals
from warehouse.publication.definitions import WORK
from warehouse.publication.release import Journal
from warehouse.publication.tables import Part, asked, in_work, row_hash

_GONE = """
create table {places} as
select held.rowid as gone, cast(null as bigint) as new
from {held} as held
semi join ({touched}) as touched using ({key})
"""
_LEFT = """
select count(*) - (select count(*) from {places}), (select max(rowid) from {today})
from {held}
"""
_NEW = """
insert into {places}
select null, today.rowid
from {today} as today
semi join ({touched}) as touched using ({key})
where today.rowid > {after}
"""
_NONE_NEW = "delete from {places} where new is not null"
_MARKS = """
create table {marks} as
select rowid as place, {mark} as mark from {rows} where {where}
"""
_UNLIKE = """
create or replace table {places} as
select
    held.place as gone, today.place as new, coalesce(held.mark, today.mark) as mark
from {held} as held
full join {today} as today on held.mark = today.mark
where held.mark is null or today.mark is null
"""
_ADDS_UP = """
with told as (
    select mark, true as is_today from {today}
    union all
    select mark, false from {held}
    union all
    select mark, gone is not null from {places}
)

select
    sum(mark) filter (where is_today) is not distinct from
    sum(mark) filter (where not is_today)
from told
"""
GONE = "rowid in (select gone from {places} where gone is not null)"
NEW = "rowid in (select new from {places} where new is not null)"


def is_told_since(part: Part, noted: Journal) -> bool:
    """Return whether a journal goes on from where it was, by columns that are there."""
    goes_on = journals.goes_on(part.table.journal, noted)
    return goes_on and {c.name for c in part.columns}.issuperset(part.table.told_by)


def places_of_keys(
    connection: duckdb.DuckDBPyConnection, part: Part, since: int, places: str
) -> int:
    """Find the rows of the keys that were touched, by reading the keys alone.

    A build appends what it writes: so as many as the work database has besides the rows
    that are left are its last ones. All of its keys are read where these are others.

    Returns:
        How many rows they are, on both sides. Where that is as many as the table has,
        those of the work database are not looked for: all are to be compared.
    """
    table = part.table
    said = {
        "places": places,
        "touched": journals.touched(WORK, table.name, table.told_by, since),
        "key": ", ".join(table.told_by),
        "held": table.identifier,
        "today": in_work(table),
    }
    connection.execute(_GONE.format(**said))
    [[left, last]] = connection.execute(_LEFT.format(**said)).fetchall()
    rows, [gone] = table.rows or 0, asked(connection, places, "count(*)")
    awaited = rows - left
    if gone + awaited < rows:
        connection.execute(_NEW.format(**said, after=(last or 0) - awaited))
        if asked(connection, places, "count(new)") != (awaited,):
            connection.execute(_NONE_NEW.format(**said))
            connection.execute(_NEW.format(**said, after=-1))
    return int(gone + awaited)


def places_of_rows(
    connection: duckdb.DuckDBPyConnection,
    part: Part,
    places: str,
    *,
    among: bool,
) -> bool:
    """Find the rows that only one side has, by a hash of all, or of those found.

    Returns:
        Whether the release, less some and with others, adds up to the work database.
    """
    held, today, mark = f"{places}_held", f"{places}_today", row_hash(part.columns)
    for marks, rows, where in (
        (held, part.table.identifier, GONE),
        (today, in_work(part.table), NEW),
    ):
        where = where.format(places=places) if among else "true"
        connection.execute(
            _MARKS.format(marks=marks, mark=mark, rows=rows, where=where)
        )
    connection.execute(_UNLIKE.format(held=held, today=today, places=places))
    [[adds_up]] = connection.execute(
        _ADDS_UP.format(held=held, today=today, places=places)
    ).fetchall()
    for made in (held, today, *(() if adds_up else (places,))):
        connection.execute(f"drop table {made}")
    return bool(adds_up)
