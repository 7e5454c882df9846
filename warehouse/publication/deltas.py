"""How a table that was carried over from the release before becomes today's.

Each row is told by a hash of its columns. What only one side has is deleted, or
inserted behind the rest, in one transaction a table. A table of which much differs is
written whole, as is one of few rows, and one in which rows repeat, which a hash cannot
tell apart. That nothing was missed is proved by sums: the hashes of the release, less
those deleted and with those inserted, must add up to those of the work database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import duckdb

from warehouse.database import transaction
from warehouse.publication.plan import Table
from warehouse.publication.tables import in_work, names, row_hash, sum_of_hashes

FEW_ROWS = 10_000
"""A table of no more rows is written whole when anything of it differs."""
WIDE_PART = 3
"""A table of which more than this part differs is written whole."""
DEAD_PART = 4
"""So is one in which more than this part of the rows would be deleted ones."""

Shapes = Mapping[str, Sequence[tuple[str, str, bool]]]
"""Of each table, its columns: name, type, and whether they may be null."""


_PLACES = """
create table {places} as
select
    held.place as gone, today.place as new, coalesce(held.mark, today.mark) as mark
from {held} as held
full join {today} as today on held.mark = today.mark
where held.mark is null or today.mark is null
"""
_SUMS = """
select * from
    (select count(*), max(place), coalesce(sum(mark), 0) from {held}),
    (select count(*), coalesce(sum(mark), 0) from {today})
"""
_COUNTS = """
count(gone), coalesce(sum(mark) filter (where gone is not null), 0),
count(new), coalesce(sum(mark) filter (where new is not null), 0)
"""


_DELETE = """
delete from {table}
where rowid in (select gone from {places} where gone is not null)
"""
_INSERT = """
insert into {table}
select {columns} from {work}
where rowid in (select new from {places} where new is not null)
"""


class Way(Enum):
    """What is to be done to a table."""

    KEEP = auto()
    CHANGE = auto()
    WRITE = auto()


@dataclass(frozen=True)
class Difference:
    """What the work database has otherwise than the release before."""

    table: Table
    way: Way
    sum_of_hashes: int | None = None
    """What the rows of the work database add up to, unless it is written whole."""
    places: str = ""
    """The table of places: `gone`, of rows to delete, and `new`, of rows to insert."""


@dataclass(frozen=True)
class _Found:
    """What a comparison of rows found, each time how many and the sum of hashes."""

    rows_held: int
    last_place: int | None
    hashes_held: int
    rows_today: int
    hashes_today: int
    rows_gone: int
    hashes_gone: int
    rows_new: int
    hashes_new: int

    @property
    def way(self) -> Way:
        """Return what is to be done to the table."""
        if not self.adds_up:
            return Way.WRITE
        if not self.rows_gone and not self.rows_new:
            return Way.KEEP
        dead = (self.last_place or 0) + 1 - self.rows_held + self.rows_gone
        is_wide = max(self.rows_gone, self.rows_new) * WIDE_PART > self.rows_today
        is_dead = dead * DEAD_PART > self.rows_today
        return Way.WRITE if is_wide or is_dead else Way.CHANGE

    @property
    def adds_up(self) -> bool:
        """Return whether what was held and what differs make what is there today."""
        return (
            self.rows_held - self.rows_gone + self.rows_new,
            self.hashes_held - self.hashes_gone + self.hashes_new,
        ) == (self.rows_today, self.hashes_today)


def compare(
    connection: duckdb.DuckDBPyConnection, table: Table, before: Shapes, *, number: int
) -> Difference:
    """Tell how a table differs from that of the database in use.

    Args:
        connection: A session with the work database attached.
        table: The table.
        before: The shapes of the tables in the database in use.
        number: Tells this table from all others.
    """
    shape = [(c.name, c.data_type, c.is_nullable) for c in table.public]
    if list(before.get(table.full_name, ())) != shape:
        return Difference(table, Way.WRITE)
    if (table.rows or 0) > FEW_ROWS:
        return _compare_rows(connection, table, number)
    return _compare_sums(connection, table)


def change(connection: duckdb.DuckDBPyConnection, difference: Difference) -> None:
    """Make a table of the database in use what it is in the work database."""
    table, places = difference.table, difference.places
    with transaction(connection):
        connection.execute(_DELETE.format(table=table.identifier, places=places))
        connection.execute(
            _INSERT.format(
                table=table.identifier,
                columns=names(table.public),
                work=in_work(table),
                places=places,
            )
        )
    connection.execute(f"drop table {places}")


def _compare_sums(connection: duckdb.DuckDBPyConnection, table: Table) -> Difference:
    asked = f"count(*), {sum_of_hashes(table.public)}"
    held, today = (
        connection.table(name).aggregate(asked).fetchall()
        for name in (table.identifier, in_work(table))
    )
    if held != today:
        return Difference(table, Way.WRITE)
    return Difference(table, Way.KEEP, today[0][1])


def _compare_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, number: int
) -> Difference:
    held, today, places = (
        f"memory.main.{kind}_{number}" for kind in ("held", "today", "places")
    )
    marks = f"select rowid as place, {row_hash(table.public)} as mark from"
    connection.execute(f"create table {held} as {marks} {table.identifier}")
    connection.execute(f"create table {today} as {marks} {in_work(table)}")
    connection.execute(_PLACES.format(held=held, today=today, places=places))
    [sums] = connection.execute(_SUMS.format(held=held, today=today)).fetchall()
    [counts] = connection.table(places).aggregate(_COUNTS).fetchall()
    connection.execute(f"drop table {held}")
    connection.execute(f"drop table {today}")
    found = _Found(*sums, *counts)
    if found.way is not Way.CHANGE:
        connection.execute(f"drop table {places}")
    if found.way is Way.WRITE:
        return Difference(table, found.way)
    return Difference(table, found.way, found.hashes_today, places)
