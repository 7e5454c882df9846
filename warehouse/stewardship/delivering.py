"""Small files that commands write for the next night, which receives them as any."""

import os
from datetime import date
from pathlib import Path

from warehouse.errors import WrongUseError
from warehouse.publication import current_release
from warehouse.receiving.ledger_copy import read_copy
from warehouse.receiving.model import STEWARD_PLACE
from warehouse.settings import Settings

_LAST = "select business_date from ledger.load order by load_id desc limit 1"


def business_date(settings: Settings) -> date:
    """Return the date that a person's word belongs to: the last one received.

    So what is decided on a release comes right after what that release shows.

    Raises:
        WrongUseError: Nothing is published yet.
    """
    if current_release(settings) is None:
        raise WrongUseError(
            "nothing is published yet, so there is nothing to decide on",
            where=str(settings.places.published),
            mend="Run `clientele night` first.",
        )
    return last_received(settings)


def last_received(settings: Settings) -> date:
    """Return the business date that was received last, published or not.

    Raises:
        WrongUseError: Nothing was received yet.
    """
    with read_copy(settings) as connection:
        found = connection.execute(_LAST).fetchone() if connection else None
    if found is None:
        raise WrongUseError(
            "nothing was received yet, so there is nothing to decide on",
            where=str(settings.places.landing),
            mend="Run `clientele night` first.",
        )
    on: date = found[0]
    return on


def place(settings: Settings, name: str) -> Path:
    """Return where a file of this name waits for the next night; make its folder.

    Raises:
        WrongUseError: Nothing is published yet.
    """
    return place_on(settings, business_date(settings), name)


def place_on(settings: Settings, on: date, name: str) -> Path:
    """Return where a file of this name waits among those of a date; make its folder."""
    folder = settings.places.landing / on.isoformat() / STEWARD_PLACE
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def put(incoming: Path, file: Path) -> None:
    """Move a file that is written to its end to where it waits, in one step."""
    with incoming.open("rb") as written:
        os.fsync(written.fileno())
    incoming.replace(file)
