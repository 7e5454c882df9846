"""The results of checks, kept in the archive: the history of quality as facts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from warehouse.clock import Clock
from warehouse.database import session, transaction
from warehouse.settings import Settings


def record_checks(
    settings: Settings,
    results: Sequence[Mapping[str, Any]],
    *,
    batch_id: int,
    business_date: date,
    clock: Clock,
) -> None:
    """Append the results of doors or gate to `checks.result`.

    Args:
        settings: Where the archive is.
        results: One mapping per check, with the table's columns that a check knows.
        batch_id: The last night that the checked data came from.
        business_date: The business date of that night.
        clock: What says when it was checked.
    """
    if not results:
        return
    frame = pd.DataFrame([dict(result) for result in results])
    frame = frame.assign(
        batch_id=batch_id,
        business_date=business_date,
        checked_at=clock.now().replace(microsecond=0),
    )
    archive = settings.places.archive
    with session(settings, write=archive, alias="archive") as connection:
        connection.register("found", frame)
        with transaction(connection):
            connection.execute("insert into checks.result by name select * from found")
