"""Small files that commands write for the next night, which receives them as any."""

import os
from datetime import date
from pathlib import Path

from warehouse.database import attach, session
from warehouse.errors import WrongUseError
from warehouse.publication import current_release
from warehouse.receiving.model import STEWARD_PLACE
from warehouse.settings import Settings


def business_date(settings: Settings) -> date:
    """Return the date that a person's word belongs to: the last one received.

    So what is decided on a release comes right after what that release shows.

    Raises:
        WrongUseError: Nothing is published yet.
    """
    release = current_release(settings)
    dates = _received(settings)
    if release is None or not dates:
        raise WrongUseError(
            "nothing is published yet, so there is nothing to decide on",
            where=str(settings.places.published),
            mend="Run `clientele night` first.",
        )
    return dates[0]


def _received(settings: Settings) -> list[date]:
    copy = settings.places.ledger_copy
    if not copy.is_file():
        return []
    with session(settings) as connection:
        attach(connection, copy, alias="ledger_copy")
        rows = connection.execute(
            "select business_date from ledger_copy.ledger.load "
            "order by load_id desc limit 1"
        ).fetchall()
    return [row[0] for row in rows]


def place(settings: Settings, name: str) -> Path:
    """Return where a file of this name waits for the next night; make its folder.

    Raises:
        WrongUseError: Nothing is published yet.
    """
    folder = settings.places.landing / business_date(settings).isoformat()
    (folder / STEWARD_PLACE).mkdir(parents=True, exist_ok=True)
    return folder / STEWARD_PLACE / name


def put(incoming: Path, file: Path) -> None:
    """Move a file that is written to its end to where it waits, in one step."""
    with incoming.open("rb") as written:
        os.fsync(written.fileno())
    incoming.replace(file)
