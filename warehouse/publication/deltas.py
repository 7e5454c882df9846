"""How a table that was carried over from the release before becomes today's.

Which rows differ is told by the journal of the table: those of the keys that were
touched since. Where it has none, or one that does not go on from there, each row is
told by a hash of its columns. What is only in the release is deleted, what is only in
the work database inserted behind the rest, in one transaction a table. Where much
differs, a table is written whole, as is one of few rows, one that would not have as
many rows as it should, and one in which rows repeat, which a hash cannot tell apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import duckdb

from warehouse.publication.places import (
    GONE,
    NEW,
    is_told_since,
    places_of_keys,
    places_of_rows,
)
from warehouse.publication.release import Journal
from warehouse.publication.tables import (
    Part,
    asked,
    in_work,
    names,
    sum_of_hashes,
)

FEW_ROWS = 10_000
"""A table of no more rows is written whole when anything of it differs."""
MUCH_PART = 20
"""Where more than this part of a table was touched, the touched rows are compared."""
WIDE_PART = 3
"""A table of which more than this part differs is written whole."""
DEAD_PART = 4
"""So is one in which more than this part of the rows would be deleted ones."""

Shapes = Mapping[str, Sequence[tuple[str, str, bool]]]
"""Of each table, its columns: name, type, and whether they may be null."""


_COUNTS = """
select * from
    (select count(*), coalesce(max(rowid) + 1, 0) from {held}),
    (select count(gone), count(new) from {places})
"""
_DELETE = """
delete from {table}
where {gone}
"""
_INSERT = """
insert into {table}
select {columns} from {work}
where {new}
"""


class Way(Enum):
    """What is to be done to a table."""

    KEEP = auto()
    CHANGE = auto()
    WRITE = auto()


@dataclass(frozen=True)
class Sum:
    """What the last rows of a table are to add up to."""

    rows: int
    sum_of_hashes: int


@dataclass(frozen=True)
class Difference:
    """What the work database has otherwise than the release before."""

    part: Part
    way: Way
    sum: Sum | None = None
    """What tells that the change was made."""
    places: str = ""
    """The table of places: `gone`, of rows to delete, and `new`, of rows to insert."""


def compare(
    connection: duckdb.DuckDBPyConnection,
    part: Part,
    before: Shapes,
    noted: Journal | None,
    *,
    places: str,
    is_deep: bool,
) -> Difference:
    """Tell how a table differs from that of the database in use.

    Args:
        connection: A session with the work database attached.
        part: What lies of the table in that file.
        before: The shapes of the tables in the database in use.
        noted: Where the journal of the table stood then.
        places: The table to make, where rows differ.
        is_deep: Whether the audit is to sum up all rows, and not the new ones alone.
    """
    table = part.table
    shape = [(c.name, c.data_type, c.is_nullable) for c in part.columns]
    if list(before.get(table.full_name, ())) != shape:
        return Difference(part, Way.WRITE)
    rows = found = table.rows or 0
    if noted and is_told_since(part, noted):
        if noted == table.journal and not is_deep:
            return Difference(part, Way.KEEP)
        found = places_of_keys(connection, part, noted.build_number, places)
    elif rows <= FEW_ROWS:
        return _compare_sums(connection, part)
    if found * MUCH_PART > rows and not places_of_rows(
        connection, part, places, among=found < rows
    ):
        return Difference(part, Way.WRITE)
    way = _way(connection, part, places)
    if way is Way.WRITE:
        connection.execute(f"drop table {places}")
        return Difference(part, way)
    proved = "true" if is_deep else NEW.format(places=places)
    what = f"count(*), {sum_of_hashes(part.columns)}"
    proof = Sum(*asked(connection, in_work(table), what, proved))
    return Difference(part, way, proof, places)


def change(connection: duckdb.DuckDBPyConnection, difference: Difference) -> None:
    """Make a table of the database in use what it is in the work database."""
    part, places = difference.part, difference.places
    gone = GONE.format(places=places)
    connection.execute(_DELETE.format(table=part.table.identifier, gone=gone))
    connection.execute(
        _INSERT.format(
            table=part.table.identifier,
            columns=names(part.columns),
            work=in_work(part.table),
            new=NEW.format(places=places),
        )
    )


def _compare_sums(connection: duckdb.DuckDBPyConnection, part: Part) -> Difference:
    what = f"count(*), {sum_of_hashes(part.columns)}"
    held, today = (
        asked(connection, name, what)
        for name in (part.table.identifier, in_work(part.table))
    )
    return Difference(part, Way.KEEP if held == today else Way.WRITE)


def _way(connection: duckdb.DuckDBPyConnection, part: Part, places: str) -> Way:
    """Return what is to be done to a table."""
    [[held, places_held, gone, new]] = connection.execute(
        _COUNTS.format(held=part.table.identifier, places=places)
    ).fetchall()
    today = part.table.rows or 0
    dead = places_held - held + gone
    if (
        held - gone + new != today
        or max(gone, new) * WIDE_PART > today
        or dead * DEAD_PART > today
    ):
        return Way.WRITE
    return Way.CHANGE if gone or new else Way.KEEP
