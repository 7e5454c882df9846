"""The copy of ledger and quarantine that commands read while a night writes."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from warehouse.database import STORAGE_VERSION, attach, literal, session
from warehouse.errors import ClienteleError
from warehouse.ledger import prepare_archive
from warehouse.ledger_refused import REFUSED_VIEW
from warehouse.receiving.loads import last_load
from warehouse.settings import Settings

_COPIED = ("ledger.load", "quarantine.row", "raw_steward.quarantine_decisions")
_IS_THERE = """
select 1 from duckdb_tables()
where database_name = 'archive' and schema_name = ? and table_name = ?
"""


def is_copied(settings: Settings, last_load_id: int) -> bool:
    """Return whether the copy can be read and knows the ledger's last load.

    It does not when a night was killed between its loads and the copy, or when an
    earlier version of the house made it; it knows of loads too many when the archive
    was restored.

    Args:
        settings: Where the company's data lies.
        last_load_id: The last load of the ledger; 0 when there is none.
    """
    try:
        with read_copy(settings) as connection:
            if connection is None:
                return False
            found = connection.execute(
                "select coalesce(max(load_id), 0) from ledger.load"
            ).fetchone()
    except duckdb.Error:
        return False
    return found == (last_load_id,)


def refuse_new_archive(settings: Settings) -> None:
    """Stop a run that would begin a new archive, with other ids, after one was lost.

    Args:
        settings: Where the company's data lies.

    Raises:
        ClienteleError: The archive is gone, and what was made from it is there.
    """
    places = settings.places
    if not places.archive.is_file() and (
        places.ledger_copy.is_file() or places.current.is_symlink()
    ):
        raise ClienteleError(
            "the archive is gone, though nights have been run",
            where=str(places.archive),
            mend="Restore it from a backup. To begin anew without it, move the folder "
            "of the company's data aside.",
        )


def renew_ledger_copy(settings: Settings) -> None:
    """Make the copy anew, if there is a ledger and it does not say the same.

    Args:
        settings: Where the company's data lies; the caller holds the writer's lock.
    """
    if not settings.places.archive.is_file():
        return
    last = last_load(settings)
    if not is_copied(settings, last.load_id if last else 0):
        copy_ledger(settings)


@contextmanager
def read_copy(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """Open a session with the copy in use; none when there is none.

    One that an earlier version of the house made counts for none: the next night makes
    it anew.

    Args:
        settings: Where the company's data lies.
    """
    copy = settings.places.ledger_copy
    if not copy.is_file():
        yield None
        return
    with session(settings) as connection:
        attach(connection, copy, alias="ledger_copy")
        has_view = connection.execute(
            "select 1 from duckdb_columns() where database_name = 'ledger_copy' "
            "and schema_name = 'ledger' and table_name = 'refused' "
            "and column_name = 'delivery'"
        ).fetchone()
        if has_view:
            connection.execute("use ledger_copy")
        yield connection if has_view else None


def copy_ledger(settings: Settings) -> None:
    """Make the copy anew and put it in place by one rename.

    What an archive of an earlier version lacks is there too, and empty.

    Args:
        settings: Where the company's data lies.
    """
    places = settings.places
    incoming = places.ledger_copy.with_suffix(".incoming")
    incoming.unlink(missing_ok=True)
    with session(settings) as connection:
        attach(connection, places.archive, alias="archive")
        connection.execute(
            f"attach {literal(str(incoming))} as copy_file "
            f"(storage_version {literal(STORAGE_VERSION)})"
        )
        prepare_archive(connection, None)
        for table in _COPIED:
            schema, name = table.split(".")
            is_there = connection.execute(_IS_THERE, [schema, name]).fetchone()
            kept = f"union all by name from archive.{table}" if is_there else ""
            connection.execute(f"create schema if not exists copy_file.{schema}")
            connection.execute(
                f"create table copy_file.{table} as from memory.{table} {kept}"
            )
        connection.execute("use copy_file")
        connection.execute(REFUSED_VIEW)
        connection.execute("use memory")
        connection.execute("detach copy_file")
    incoming.chmod(0o640)
    incoming.replace(places.ledger_copy)
