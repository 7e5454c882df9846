"""How the marts of a release are written: carried over and changed, or whole.

How one table is compared and changed is in `warehouse.publication.deltas`.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import duckdb

from warehouse.database import attach, identifier, transaction
from warehouse.publication.carrying import carry, is_loose
from warehouse.publication.definitions import (
    NOTHING_SAID,
    Comments,
    comment,
    comments,
    forget_definitions,
)
from warehouse.publication.deltas import Difference, Way, change, compare
from warehouse.publication.hands import Hands
from warehouse.publication.plan import Table, columns_of
from warehouse.publication.release import Release
from warehouse.publication.tables import make_schemas, widest_first, write_table

ALIAS = "release"

Sums = dict[str, int]
"""Of each table that was carried over, what sums up its rows in the work database."""


def write_marts(
    hands: Hands, tables: Sequence[Table], file: Path, before: Release | None
) -> Sums:
    """Write the columns without identifiers of persons; views and macros come after.

    Args:
        hands: A session with the work database attached.
        tables: What to write.
        file: Where.
        before: The release to carry over; none to write all tables whole.
    """
    differences, said = None, dict[str, Comments]()
    if before and carry(before, file):
        attach(hands.connection, file, alias=ALIAS, read_only=False)
        if is_loose(hands.connection, ALIAS):
            hands.connection.execute(f"detach {ALIAS}")
            file.unlink()
        else:
            differences, said = _differences(hands, tables)
    if differences is None:
        attach(hands.connection, file, alias=ALIAS, read_only=False)
        differences = [Difference(t, Way.WRITE) for t in _kept(tables)]
    hands.connection.execute(f"use {ALIAS}")
    make_schemas(hands.connection)
    hands.do(ALIAS, (partial(_make, difference=d, said=said) for d in differences))
    return {
        d.table.full_name: d.sum_of_hashes
        for d in differences
        if d.sum_of_hashes is not None
    }


def _differences(
    hands: Hands, tables: Sequence[Table]
) -> tuple[list[Difference], dict[str, Comments]]:
    """Compare the tables that were carried over, and drop what is not kept of them."""
    connection = hands.connection
    connection.execute(f"use {ALIAS}")
    forget_definitions(connection)
    shapes, said = columns_of(connection, ALIAS), comments(connection)
    differences = hands.do(
        ALIAS,
        (
            partial(compare, table=table, before=shapes, number=number)
            for number, table in enumerate(_kept(tables))
        ),
    )
    kept = {d.table.full_name for d in differences if d.way is not Way.WRITE}
    with transaction(connection):
        for name in shapes.keys() - kept:
            connection.execute(
                f"drop table {'.'.join(map(identifier, name.split('.')))}"
            )
    # Only a checkpoint frees the blocks of what was dropped, for what comes now.
    connection.execute(f"checkpoint {ALIAS}")
    return differences, said


def _make(
    connection: duckdb.DuckDBPyConnection,
    difference: Difference,
    said: dict[str, Comments],
) -> None:
    table = difference.table
    if difference.way is Way.WRITE:
        write_table(connection, table, table.public)
        return
    if difference.way is Way.CHANGE:
        change(connection, difference)
    comment(connection, table, table.public, said.get(table.full_name, NOTHING_SAID))


def _kept(tables: Sequence[Table]) -> list[Table]:
    return [table for table in widest_first(tables) if not table.view]
