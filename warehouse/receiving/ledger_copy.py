"""The copy of ledger and quarantine that commands read while a night writes."""

from warehouse.database import STORAGE_VERSION, attach, literal, session
from warehouse.settings import Settings

_COPIED = ("ledger.load", "quarantine.row")


def is_copied(settings: Settings, last_load_id: int) -> bool:
    """Return whether the copy knows the ledger's last load.

    It does not when a night was killed between its loads and the copy.

    Args:
        settings: Where the company's data lies.
        last_load_id: The last load of the ledger; 0 when there is none.
    """
    copy = settings.places.ledger_copy
    if not copy.is_file():
        return False
    with session(settings) as connection:
        attach(connection, copy, alias="ledger_copy")
        found = connection.execute(
            "select coalesce(max(load_id), 0) from ledger_copy.ledger.load"
        ).fetchone()
    return found == (last_load_id,)


def copy_ledger(settings: Settings) -> None:
    """Make the copy anew and put it in place by one rename.

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
        for table in _COPIED:
            schema = table.split(".")[0]
            connection.execute(f"create schema if not exists copy_file.{schema}")
            connection.execute(
                f"create table copy_file.{table} as from archive.{table}"
            )
        connection.execute("detach copy_file")
    incoming.chmod(0o640)
    incoming.replace(places.ledger_copy)
