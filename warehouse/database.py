"""How DuckDB files are opened: storage version, private temp space, safe names.

Everybody opens databases through this module, so that no stale write-ahead log can be
replayed and no spill file lies where others read.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.errors import ClienteleError
from warehouse.machine import memory_for
from warehouse.settings import Settings

STORAGE_VERSION = "v1.5.0"
CHECKPOINT_AFTER = "256MB"
"""How long the log of a file that is written grows: each checkpoint waits for all."""
_IDENTIFIER = re.compile(r"^[a-z_][a-z0-9_]{0,62}$")


def identifier(name: str) -> str:
    """Return the name, quoted, if it is one that the house allows.

    Raises:
        ClienteleError: The name has other than lower-case letters, digits and `_`.
    """
    if not _IDENTIFIER.match(name):
        raise ClienteleError(
            f"{name!r} is not allowed as a name",
            where="identifier",
            mend="Use lower-case letters, digits and underscores.",
        )
    return f'"{name}"'


def literal(text: str) -> str:
    """Return the text as an SQL literal, for statements that take no parameter."""
    return "'" + text.replace("'", "''") + "'"


def attach(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    alias: str,
    read_only: bool = True,
    is_recovered: bool = True,
) -> None:
    """Attach a database file under an alias, making it when it may be written.

    Args:
        connection: A session.
        path: The file.
        alias: Under which name.
        read_only: Whether nothing may be written.
        is_recovered: Whether what is written outlives a kill before the checkpoint,
            by a log in which all is written once more.
    """
    options = (
        "read_only" if read_only else f"storage_version {literal(STORAGE_VERSION)}"
    )
    if not is_recovered:
        options += ", recovery_mode no_wal_writes"
    connection.execute(
        f"attach {literal(str(path))} as {identifier(alias)} ({options})"
    )


@contextmanager
def session(
    settings: Settings, *, write: Path | None = None, alias: str = "main_file"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory session, with one file attached for writing and in use.

    Args:
        settings: Threads, memory and places.
        write: The database file to write, if any.
        alias: The alias of that file.
    """
    connection = duckdb.connect(":memory:")
    try:
        places = settings.places
        connection.execute("set temp_directory = ?", [str(places.temporary)])
        connection.execute("set extension_directory = ?", [str(places.extensions)])
        connection.execute("set autoinstall_known_extensions = false")
        connection.execute("set timezone = 'UTC'")
        if settings.threads:
            connection.execute("set threads = ?", [settings.threads])
        connection.execute("set memory_limit = ?", [memory_for(settings)])
        if write is not None:
            connection.execute("set wal_autocheckpoint = ?", [CHECKPOINT_AFTER])
            if not write.exists():
                _make_empty(connection, write)
            attach(connection, write, alias=alias, read_only=False)
            connection.execute(f"use {identifier(alias)}")
        yield connection
    finally:
        connection.close()


def _make_empty(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make a database whole before it has its name.

    A process that dies, or a disk that fills up, would else leave a file that nobody
    can open, in the place of one that is never deleted.
    """
    incoming = path.with_name(f"{path.name}.incoming")
    incoming.unlink(missing_ok=True)
    attach(connection, incoming, alias="incoming", read_only=False)
    connection.execute("detach incoming")
    incoming.replace(path)


@contextmanager
def sibling(
    connection: duckdb.DuckDBPyConnection, *, use: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a further session on the files of one, for another thread.

    It has temp tables of its own, which go with it.

    Args:
        connection: A session that stays open meanwhile.
        use: The alias of the file that is in use.
    """
    cursor = connection.cursor()
    try:
        cursor.execute("set timezone = 'UTC'")
        cursor.execute(f"use {identifier(use)}")
        yield cursor
    finally:
        cursor.close()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what the block did, or nothing: roll back at the first error."""
    connection.execute("begin transaction")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def row_counts(connection: duckdb.DuckDBPyConnection, alias: str) -> dict[str, int]:
    """Return the rows of each table of an attached file, by `schema.table`."""
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = ? order by all",
        [alias],
    ).fetchall()
    return {
        f"{schema}.{table}": len(connection.table(f'{alias}."{schema}"."{table}"'))
        for schema, table in tables
    }
