"""The results of checks, kept in the archive: the history of quality as facts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pandas as pd

from warehouse.clock import Clock
from warehouse.database import attach, session, transaction
from warehouse.receiving import Load
from warehouse.settings import Settings

STAMP = ("batch_id", "business_date", "checked_at")


def record_checks(
    settings: Settings,
    results: Sequence[Mapping[str, Any]],
    *,
    load: Load,
    clock: Clock,
) -> None:
    """Append the results of doors or gate to `checks.result`.

    Args:
        settings: Where the archive is.
        results: One mapping per check, with the columns that a check knows.
        load: The last load of the data that was checked. A late file is of the night
            that it came in on: what was checked stands for the last business date of
            all loads up to it.
        clock: What says when it was checked.
    """
    if not results:
        return
    frame = pd.DataFrame([dict(result) for result in results])
    archive = settings.places.archive
    with session(settings, write=archive, alias="archive") as connection:
        frame = frame.assign(
            batch_id=load.batch_id,
            business_date=_night(connection, load),
            checked_at=_moment(connection, clock),
        )
        connection.register("found", frame)
        with transaction(connection):
            connection.execute("insert into checks.result by name select * from found")


def _night(connection: duckdb.DuckDBPyConnection, load: Load) -> date:
    """Return the night that measures of a load are of: no date before it is later."""
    found = connection.execute(
        "select max(business_date) from ledger.load where load_id <= ?", [load.load_id]
    ).fetchone()
    return found[0] if found and found[0] else load.business_date


def _moment(connection: duckdb.DuckDBPyConnection, clock: Clock) -> datetime:
    """Return a moment after all before, so that the last results are the latest."""
    moment = clock.now().replace(microsecond=0)
    found = connection.execute("select max(checked_at) from checks.result").fetchone()
    before = found[0] if found else None
    return moment if before is None else max(moment, before + timedelta(seconds=1))


def last_checks(settings: Settings, stage: str) -> list[dict[str, Any]]:
    """Return the results that a stage, `door` or `gate`, recorded last.

    Each is a mapping with the columns that a check knows.
    """
    with session(settings) as connection:
        attach(connection, settings.places.archive, alias="archive")
        found = connection.execute(
            f"select * exclude ({', '.join(STAMP)}) from archive.checks.result "  # noqa: S608
            "where stage = $stage and checked_at = (select max(checked_at) "
            "from archive.checks.result where stage = $stage)",
            {"stage": stage},
        )
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def last_checked(settings: Settings) -> dict[str, datetime]:
    """Return when each stage was checked last; nothing where there is no archive yet.

    Args:
        settings: Where the archive is.
    """
    if not settings.places.archive.is_file():
        return {}
    with session(settings) as connection:
        attach(connection, settings.places.archive, alias="archive")
        try:
            found = connection.execute(
                "select stage, max(checked_at) from archive.checks.result "
                "group by stage"
            ).fetchall()
        except duckdb.CatalogException:
            return {}
    return dict(found)
