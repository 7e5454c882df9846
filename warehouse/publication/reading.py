"""How readers open a release: read-only, by its real path, and locked down.

A session can read the tables of its release and nothing else of the machine: no other
file, no network, no extension, no variable of the calling program. It does not spill,
so that nothing of it stays on disk.
"""

import threading
from typing import Any

import duckdb

from warehouse.database import attach, identifier
from warehouse.errors import ClienteleError, WrongUseError
from warehouse.machine import memory_for
from warehouse.publication.release import Release, current_release
from warehouse.settings import Settings

MARTS_ALIAS = "marts"
RESTRICTED_ALIAS = "restricted"
_LOCKS = (
    "set temp_directory = ''",
    "set autoload_known_extensions = false",
    "set autoinstall_known_extensions = false",
    "set allow_community_extensions = false",
    "set python_enable_replacements = false",
    "set enable_external_access = false",
    # Attaching allows the file's path to COPY and read_blob: close all files off.
    "set disabled_filesystems = 'LocalFileSystem'",
    "set lock_configuration = true",
)


def open_release(
    settings: Settings, *, restricted: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open the current release as the database `marts`, in use.

    Args:
        settings: Whose release; threads and memory.
        restricted: True to attach the identifiers of persons as `restricted`.

    Returns:
        A session of its own; close it soon, and open again to see a newer release.

    Raises:
        WrongUseError: Nothing is published yet.
        ClienteleError: The release is damaged.
    """
    release = _published(settings)
    try:
        return _open(settings, release, restricted=restricted)
    except duckdb.IOException as error:
        newer = _published(settings)
        if newer.release != release.release:
            return _open(settings, newer, restricted=restricted)
        raise ClienteleError(
            "the release cannot be opened",
            where=str(release.folder),
            mend="Look at it with `clientele verify`, go back with "
            "`clientele rollback`.",
        ) from error


def run_sql(
    settings: Settings,
    sql: str,
    *,
    timeout_seconds: float = 60.0,
    limit: int = 1000,
    restricted: bool = False,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run somebody's SQL on the current release.

    Args:
        settings: Whose release; threads and memory.
        sql: One statement.
        timeout_seconds: When to interrupt it.
        limit: How many rows to return at most.
        restricted: True to attach the identifiers of persons as `restricted`.

    Returns:
        Names of the columns, and the rows.

    Raises:
        WrongUseError: The statement is wrong, not allowed, or nothing is published.
        ClienteleError: It took longer than allowed.
    """
    with open_release(settings, restricted=restricted) as connection:
        alarm = threading.Timer(timeout_seconds, connection.interrupt)
        alarm.start()
        try:
            if len(connection.extract_statements(sql)) != 1:
                raise WrongUseError(
                    "this is not one statement", where="sql", mend="Ask one at a time."
                )
            connection.execute(sql)
            columns = [column[0] for column in connection.description or []]
            return columns, connection.fetchmany(limit)
        except duckdb.InterruptException as error:
            raise ClienteleError(
                f"the query took longer than {timeout_seconds:g} seconds",
                where="sql",
                mend="Ask for less, read an aggregate, or allow more time.",
            ) from error
        except duckdb.Error as error:
            raise WrongUseError(
                str(error),
                where="sql",
                mend="`select schema_name, table_name from duckdb_tables()` lists "
                "what is there; `--restricted` attaches the personal columns.",
            ) from error
        finally:
            alarm.cancel()


def _published(settings: Settings) -> Release:
    release = current_release(settings)
    if release is None:
        raise WrongUseError(
            "nothing is published yet",
            where=str(settings.places.published),
            mend="Run `clientele night` first.",
        )
    return release


def _open(
    settings: Settings, release: Release, *, restricted: bool
) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("set timezone = 'UTC'")
        if settings.threads:
            connection.execute("set threads = ?", [settings.threads])
        connection.execute("set memory_limit = ?", [memory_for(settings)])
        attach(connection, release.marts, alias=MARTS_ALIAS)
        if restricted:
            attach(connection, release.restricted, alias=RESTRICTED_ALIAS)
        connection.execute(f"use {identifier(MARTS_ALIAS)}")
        for lock in _LOCKS:
            connection.execute(lock)
    except BaseException:
        connection.close()
        raise
    return connection
