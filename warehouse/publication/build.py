"""How the two files of a release are written from the work database.

Each is carried over from the release before, where that is allowed, and what differs is
changed in the copy; else it is written whole. How one table is compared and changed is
in `warehouse.publication.deltas`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import duckdb

from warehouse.database import attach, identifier, session, transaction
from warehouse.publication.carrying import is_loose
from warehouse.publication.definitions import (
    NOTHING_SAID,
    WORK,
    Comments,
    comment,
    comments,
    forget_definitions,
    make_definitions,
)
from warehouse.publication.deltas import Difference, Shapes, Sum, Way, change, compare
from warehouse.publication.hands import Hands, hands_beside
from warehouse.publication.plan import Table, columns_of
from warehouse.publication.release import MARTS, Release
from warehouse.publication.tables import (
    DATABASES,
    Part,
    make_schemas,
    parts_of,
    write_table,
)
from warehouse.settings import Settings

_NO_CHECKPOINT = "1TB"
"""Checkpoints wait for all who write; of a file that is half made nothing is kept."""
_NO_VACUUM = 0
"""To lay groups of rows together where few rows went would write most of them again."""

Sums = dict[tuple[str, str], Sum]
"""What the audit is to find in tables, by file and `schema.name`."""
_Said = Mapping[tuple[str, str], Comments]


def write_release(
    settings: Settings,
    tables: Sequence[Table],
    folder: Path,
    *,
    macros: Path,
    carried: Mapping[str, Release],
    is_deep: bool,
    on_written: Callable[[str], None],
) -> Sums:
    """Write both files of a release.

    Args:
        settings: Memory, threads and places.
        tables: What to write.
        folder: Where.
        macros: The folder of the macros.
        carried: The files that lie there as copies, and the release of each.
        is_deep: Whether to sum up all rows carried over.
        on_written: Called with the name of each file when it is closed.

    Returns:
        What proves the tables that were not written whole.

    Raises:
        ClienteleError: A view or macro cannot be written.
    """
    with session(settings) as connection:
        connection.execute("set wal_autocheckpoint = ?", [_NO_CHECKPOINT])
        if not is_deep:
            connection.execute("set max_vacuum_tasks = ?", [_NO_VACUUM])
        attach(connection, settings.places.work, alias=WORK)
        with hands_beside(connection) as hands:
            carried = _open_files(connection, folder, carried)
            parts, said = parts_of(tables), dict[tuple[str, str], Comments]()
            differences = _differences(hands, parts, carried, said, is_deep=is_deep)
            hands.do(
                (DATABASES[d.part.file], partial(_make, difference=d, said=said))
                for d in differences
            )
        connection.execute(f"use {DATABASES[MARTS]}")
        make_definitions(connection, tables, macros)
        connection.execute("use memory")
        for file, alias in DATABASES.items():
            connection.execute(f"checkpoint {alias}")
            connection.execute(f"detach {alias}")
            on_written(file)
    return {(d.part.file, d.part.table.full_name): d.sum for d in differences if d.sum}


def _open_files(
    connection: duckdb.DuckDBPyConnection, folder: Path, carried: Mapping[str, Release]
) -> dict[str, Release]:
    """Attach the files to write, and return those of copies that are built upon."""
    kept = dict(carried)
    for file, alias in DATABASES.items():
        _open(connection, folder / file, alias)
        if file in carried and is_loose(connection, alias):
            connection.execute(f"detach {alias}")
            (folder / file).unlink()
            _open(connection, folder / file, alias)
            del kept[file]
        connection.execute(f"use {alias}")
        make_schemas(connection)
    return kept


def _open(connection: duckdb.DuckDBPyConnection, file: Path, alias: str) -> None:
    """Attach a file that is made anew after a kill, and so needs no log."""
    attach(connection, file, alias=alias, read_only=False, is_recovered=False)


def _differences(
    hands: Hands,
    parts: Sequence[Part],
    carried: Mapping[str, Release],
    said: dict[tuple[str, str], Comments],
    *,
    is_deep: bool,
) -> list[Difference]:
    """Compare the tables that were carried over, and drop what is not kept of them."""
    connection, shapes = hands.connection, dict[str, Shapes]()
    for file in carried:
        connection.execute(f"use {DATABASES[file]}")
        forget_definitions(connection)
        shapes[file] = columns_of(connection, DATABASES[file])
        said |= {(file, name): told for name, told in comments(connection).items()}
    differences = hands.do(
        (
            DATABASES[part.file],
            partial(
                compare,
                part=part,
                before=shapes[part.file],
                noted=carried[part.file].journal_of(part.table.full_name),
                places=f"memory.main.places_{number}",
                is_deep=is_deep,
            ),
        )
        for number, part in enumerate(parts)
        if part.file in carried
    )
    kept = {
        (d.part.file, d.part.table.full_name)
        for d in differences
        if d.way is not Way.WRITE
    }
    for file, tables in shapes.items():
        _drop(connection, DATABASES[file], (t for t in tables if (file, t) not in kept))
    written = (part for part in parts if part.file not in carried)
    return [*(Difference(part, Way.WRITE) for part in written), *differences]


def _drop(
    connection: duckdb.DuckDBPyConnection, alias: str, tables: Iterable[str]
) -> None:
    with transaction(connection):
        for table in tables:
            name = ".".join(map(identifier, (alias, *table.split("."))))
            connection.execute(f"drop table {name}")
    # Only a checkpoint frees the blocks of what was dropped, for what comes now.
    connection.execute(f"checkpoint {alias}")


def _make(
    connection: duckdb.DuckDBPyConnection, difference: Difference, said: _Said
) -> None:
    part, known = difference.part, NOTHING_SAID
    with transaction(connection):
        if difference.way is Way.WRITE:
            write_table(connection, part.table, part.columns)
        else:
            known = said.get((part.file, part.table.full_name), NOTHING_SAID)
        if difference.way is Way.CHANGE:
            change(connection, difference)
        comment(connection, part.table, part.columns, known)
    if difference.places:
        connection.execute(f"drop table {difference.places}")
