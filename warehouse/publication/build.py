"""How the two files of a release are written from the work database.

The restricted file is written whole: a database keeps the bytes of what is deleted from
it. The marts are carried over from the release before, where that is allowed, and what
differs is changed in the copy; else they are written whole too.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import duckdb

from warehouse.database import attach, session
from warehouse.errors import ClienteleError
from warehouse.publication import marts
from warehouse.publication.definitions import WORK, make_definitions
from warehouse.publication.hands import hands_beside
from warehouse.publication.plan import Table
from warehouse.publication.release import MARTS, RESTRICTED, Release
from warehouse.publication.tables import make_schemas, widest_first, write_table
from warehouse.settings import Settings

_RESTRICTED = "restricted_release"
_NO_CHECKPOINT = "1TB"
"""Checkpoints wait for all who write; of a file that is half made nothing is kept."""


def write_release(
    settings: Settings,
    tables: Sequence[Table],
    folder: Path,
    *,
    macros: Path,
    before: Release | None,
    on_written: Callable[[str], None],
) -> marts.Sums:
    """Write both files of a release.

    Args:
        settings: Memory, threads and places.
        tables: What to write.
        folder: Where.
        macros: The folder of the macros.
        before: The release whose marts are carried over; none to write them whole.
        on_written: Called with the name of each file when it is closed.

    Returns:
        What the tables add up to that were not written whole.

    Raises:
        ClienteleError: A view or macro cannot be written, or a file was not closed
            cleanly.
    """
    with session(settings) as connection:
        connection.execute("set wal_autocheckpoint = ?", [_NO_CHECKPOINT])
        attach(connection, settings.places.work, alias=WORK)
        attach(connection, folder / RESTRICTED, alias=_RESTRICTED, read_only=False)
        connection.execute(f"use {_RESTRICTED}")
        make_schemas(connection)
        with hands_beside(connection) as hands:
            restricted = hands.begin(
                _RESTRICTED,
                (
                    partial(write_table, table=table, columns=table.restricted)
                    for table in widest_first(tables)
                    if table.restricted
                ),
            )
            sums = marts.write_marts(hands, tables, folder / MARTS, before)
            make_definitions(connection, tables, macros)
            _close(connection, marts.ALIAS, folder / MARTS)
            on_written(MARTS)
            for begun in restricted:
                begun.result()
        _close(connection, _RESTRICTED, folder / RESTRICTED)
        on_written(RESTRICTED)
    return sums


def _close(connection: duckdb.DuckDBPyConnection, alias: str, file: Path) -> None:
    connection.execute(f"checkpoint {alias}")
    connection.execute("use memory")
    connection.execute(f"detach {alias}")
    log = file.with_name(file.name + ".wal")
    if log.exists():
        raise ClienteleError(
            "a write-ahead log was left beside a closed database",
            where=log.name,
            mend="Run the night again; if it stays, look for a full disk.",
        )
