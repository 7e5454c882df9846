"""What was decided about refused rows and waits for the next night to receive it."""

from pathlib import Path
from typing import Any

from warehouse.company import Company
from warehouse.contract_files import STEWARD
from warehouse.receiving.ledger_copy import read_copy
from warehouse.receiving.words import waiting_words
from warehouse.settings import Settings

_RECEIVED = """
select business_date, delivered_name
from ledger.load
where source_name = $steward or starts_with(delivered_name, '_mended/')
"""

_AHEAD_OF_COPIES = """
select
    try_cast(load_number as bigint) as load_number,
    try_cast(row_number as bigint) as row_number,
    delivery,
    verdict,
    copy_name
from raw_steward.quarantine_decisions
where
    not _is_deleted
    and copy_name <> ''
    and copy_name not in (select delivered_name from ledger.load)
order by try_cast(decided_at as timestamp), _load_id, _row
"""
"""Words that came in before their copies, which lie among those of another date."""

_NUMBERED = """
select delivery, row_number, list(distinct load_id)
from ledger.refused
where delivery in (select unnest($deliveries))
group by delivery, row_number
"""

_Meant = tuple[int, int, str | None]
"""Load, row and delivery of what a word is about."""


def _read(settings: Settings) -> tuple[set[str], list[dict[str, Any]]]:
    """Return what was received, and the words whose copies were not."""
    with read_copy(settings) as connection:
        if connection is None:
            return set(), []
        rows = connection.execute(_RECEIVED, {"steward": STEWARD}).fetchall()
        found = connection.execute(_AHEAD_OF_COPIES)
        names = [column[0] for column in found.description or []]
        words = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {f"{on.isoformat()}/{name}" for on, name in rows}, words


def _renumbered(settings: Settings, words: list[dict[str, Any]]) -> dict[_Meant, int]:
    """Return of words whose numbers are those of before a restore the load of now."""
    told = {_meant(word) for word in words if word.get("delivery")}
    with read_copy(settings) as connection:
        if connection is None or not told:
            return {}
        found = connection.execute(
            _NUMBERED, {"deliveries": sorted({meant[2] or "" for meant in told})}
        ).fetchall()
    loads = {(delivery, row): numbers for delivery, row, numbers in found}
    now = {meant: loads.get((meant[2], meant[1]), []) for meant in told}
    return {
        meant: numbers[0]
        for meant, numbers in now.items()
        if len(numbers) == 1 and meant[0] not in numbers
    }


def _meant(word: dict[str, Any]) -> _Meant:
    return word["load_number"], word["row_number"], word.get("delivery") or None


def _landings(settings: Settings, company: Company) -> set[Path]:
    return {company.landing_of(source.name, settings) for source in company.sources}


def pending_verdicts(settings: Settings, company: Company) -> dict[_Meant, str]:
    """Return by load, row and delivery the last word that has no effect yet.

    After a restore a load may have another number than its word says.

    Either it was not received, or the copy that it is about was not. A word of an
    earlier version of the house names no delivery. A mended row whose copy
    somebody took out of the landing folder is not among them.

    Args:
        settings: Where the company's data lies.
        company: Whose landing folders hold the files.
    """
    received, ahead = _read(settings)
    words = [*ahead, *waiting_words(settings, received)]
    if not words:
        return {}
    copies = {
        path.relative_to(path.parents[2]).as_posix()
        for landing in _landings(settings, company)
        for path in landing.glob("*/_mended/*/*.csv")
    }
    copies |= {name.split("/", 1)[1] for name in received}
    now = _renumbered(settings, words)
    return {
        (now.get(_meant(word), word["load_number"]), *_meant(word)[1:]): word["verdict"]
        for word in words
        if not word.get("copy_name") or word["copy_name"] in copies
    }
