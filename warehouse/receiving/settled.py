"""Which files in the home's landing folder are done with, and which are not.

A company's own landing folder, named in `company.yml`, is none of ours to clear or to
back up; what commands write for the next night lies in the home all the same.
"""

from collections import defaultdict
from datetime import datetime
from math import inf
from pathlib import Path
from typing import NamedTuple

from warehouse.company import Company
from warehouse.receiving.loads import loads_since
from warehouse.receiving.model import Delivery, Load
from warehouse.receiving.waiting import date_folders, lying
from warehouse.settings import Settings


class Look(NamedTuple):
    """How a file lay when it was looked at; `modified_at` is naive UTC."""

    byte_count: int | None
    modified_at: datetime | None


def settled_files(
    settings: Settings, company: Company, *, before: datetime | None = None
) -> dict[Path, Look]:
    """Find the files that were received, and whose bytes are kept, as they lay then.

    A file counts when each table that claims it has received it as it lies there: its
    last row in the ledger is no refusal. One that is unclaimed, waits, or was refused
    never counts.

    Args:
        settings: Where the data lies; nobody may have the archive open to write.
        company: Whose contracts claim the files.
        before: Only those that were received before this moment, naive UTC.
    """
    ledger = {_stated(load): load for load in loads_since(settings, 0)}
    claims: dict[Path, list[Load | None]] = defaultdict(list)
    looks = {}
    for each in lying(settings, company):
        if each.path and each.path.is_relative_to(settings.places.landing):
            claims[each.path].append(ledger.get(_seen(each)))
            looks[each.path] = Look(each.byte_count, each.modified_at)
    kept = settings.places.deliveries
    return {
        path: looks[path]
        for path, loads in sorted(claims.items())
        if all(load and _is_done(load, kept, before) for load in loads)
    }


def open_files(settings: Settings, company: Company) -> list[Path]:
    """List the files by business date that are not done with, claimed or not."""
    done = settled_files(settings, company)
    return [
        path
        for folder in date_folders(settings.places.landing).values()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path not in done
    ]


def _is_done(load: Load, kept: Path, before: datetime | None) -> bool:
    file = kept / load.sha256
    return (
        load.status != "refused"
        and (before is None or load.finished_at < before)
        and (file.stat().st_size if file.is_file() else inf) == load.byte_count
    )


def _stated(load: Load) -> tuple[object, ...]:
    return (
        *(load.source_name, load.table_name, load.business_date),
        *(load.delivered_name, load.byte_count, load.modified_at),
    )


def _seen(each: Delivery) -> tuple[object, ...]:
    return (
        *(each.source.name, each.table.name, each.business_date),
        *(each.name, each.byte_count, each.modified_at),
    )
