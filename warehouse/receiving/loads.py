"""The ledger read back: the loads after one, and the last of all."""

from dataclasses import fields

from warehouse.database import attach, identifier, session
from warehouse.receiving.model import Load
from warehouse.settings import Settings

_LEDGER_IS_MADE = """
select 1 from duckdb_tables()
where database_name = 'archive' and schema_name = 'ledger' and table_name = 'load'
"""
"""A first night that was killed at once leaves an archive without tables."""
_COLUMNS = ", ".join(identifier(field.name) for field in fields(Load))


def loads_since(settings: Settings, load_id: int) -> list[Load]:
    """List the loads that came after one, in their order.

    Args:
        settings: Where the archive is; nobody in the process may have it open to write.
        load_id: The load they came after; 0 for all.
    """
    return _read(settings, f"where load_id > {int(load_id)} order by load_id")


def last_load(settings: Settings) -> Load | None:
    """Return the load that came last; none when nothing was ever received."""
    found = _read(settings, "order by load_id desc limit 1")
    return found[0] if found else None


def _read(settings: Settings, which: str) -> list[Load]:
    archive = settings.places.archive
    if not archive.is_file():
        return []
    with session(settings) as connection:
        attach(connection, archive, alias="archive")
        if not connection.execute(_LEDGER_IS_MADE).fetchone():
            return []
        rows = connection.execute(
            f"select {_COLUMNS} from archive.ledger.load {which}"  # noqa: S608
        ).fetchall()
    return [Load(*row) for row in rows]
