"""What was decided about refused rows and waits for the next night to receive it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from warehouse.company import Company
from warehouse.contract_files import STEWARD
from warehouse.receiving.ledger_copy import read_copy
from warehouse.receiving.model import STEWARD_PLACE
from warehouse.settings import Settings

DECISIONS = "quarantine"
"""What the names of files of decisions begin with."""

_RECEIVED = """
select business_date, delivered_name
from ledger.load
where source_name = $steward or starts_with(delivered_name, '_mended/')
"""


def _received(settings: Settings) -> set[str]:
    with read_copy(settings) as connection:
        if connection is None:
            return set()
        rows = connection.execute(_RECEIVED, {"steward": STEWARD}).fetchall()
    return {f"{on.isoformat()}/{name}" for on, name in rows}


def _decisions(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _landings(settings: Settings, company: Company) -> set[Path]:
    return {company.landing_of(source.name, settings) for source in company.sources}


def pending_verdicts(
    settings: Settings, company: Company
) -> dict[tuple[int, int, str | None], str]:
    """Return by load, row and delivery the last word that was not received yet.

    A word of an earlier version of the house names no delivery.
    A mended row whose copy somebody took out of the landing folder is not among them.

    Args:
        settings: Where the company's data lies.
        company: Whose landing folders hold the files.
    """
    received = _received(settings)
    steward = settings.places.landing
    waiting = [
        file
        for file in steward.glob(f"*/{STEWARD_PLACE}/{DECISIONS}-*.jsonl")
        if file.relative_to(steward).as_posix() not in received
    ]
    if not waiting:
        return {}
    copies = {
        path.relative_to(path.parents[2]).as_posix()
        for landing in _landings(settings, company)
        for path in landing.glob("*/_mended/*/*.csv")
    }
    copies |= {name.split("/", 1)[1] for name in received}
    return {
        (
            decision["load_number"],
            decision["row_number"],
            decision.get("delivery") or None,
        ): decision["verdict"]
        for file in sorted(waiting, key=lambda path: path.name)
        for decision in _decisions(file)
        if not decision.get("copy_name") or decision["copy_name"] in copies
    }
