"""The checks of the rooms before the marts, on the work database that dbt has left."""

from collections.abc import Iterable
from typing import Any

from expectations import CheckResult
from expectations.declared import Node
from expectations.rooms import check_rooms
from warehouse.company import Company
from warehouse.database import attach, session
from warehouse.identity.ids import read_key
from warehouse.keyed_hash import define
from warehouse.settings import Settings
from warehouse.standardization.plugin import register


def checked_rooms(
    settings: Settings,
    company: Company,
    *,
    manifest: dict[str, Any],
    tests: Iterable[Node],
    kept_until: int = 0,
) -> list[CheckResult]:
    """Check what was built against data tests that are declared of it.

    Views are read as dbt reads them: over the archive, with the house's own functions.

    Args:
        settings: Where the data lies; nobody may have the work database open to write.
        company: Whose data.
        manifest: dbt's manifest.
        tests: What to check.
        kept_until: The last load whose rows have passed and are as they were.
    """
    places = settings.places
    with session(settings) as connection:
        attach(connection, places.work, alias="work")
        attach(connection, places.archive, alias="archive")
        connection.execute("use work")
        register(connection)
        define(connection, read_key(places.secrets, is_sample=company.is_sample))
        return list(check_rooms(connection, manifest, tests, kept_until))
