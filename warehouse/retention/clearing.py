"""The clearing out at a night's end: what the policy of retention lets go.

Raw, ledger and the delivered bytes in `archive/` are kept for ever; releases are
cleared where they are published, backups where they are made. What was not received, or
was refused, is never touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warehouse.company import Company
from warehouse.receiving.keeping import modified_at
from warehouse.receiving.settled import Look, settled_files
from warehouse.settings import Places, Settings

_DBT_LOG = "dbt.log"


@dataclass(frozen=True)
class Cleared:
    """What was let go.

    Attributes:
        received_files: Delivered files that had been received long since.
        log_files: Logs and pages.
        stuck: Files that could not be removed, as they belong to somebody else.
    """

    received_files: int
    log_files: int
    stuck: int


def clear_out(settings: Settings, company: Company, *, now: datetime) -> Cleared:
    """Remove what the company's policy of retention no longer keeps.

    Args:
        settings: Where the data lies; the caller holds the writer's lock.
        company: Whose policy and contracts.
        now: The moment, naive UTC.
    """
    policy = company.retention
    received = settled_files(
        settings, company, before=now - timedelta(days=policy.received_days)
    )
    logs = _old_logs(settings.places, now - timedelta(days=policy.log_days))
    files, stuck = _remove(received)
    pages, stuck_pages = _remove(dict.fromkeys(logs))
    return Cleared(files, pages, stuck + stuck_pages)


def _old_logs(places: Places, before: datetime) -> list[Path]:
    """List logs and pages last written before a moment.

    Those of the last night stay, and journals, which are added to and read whole.
    """
    last = {
        places.logs / _DBT_LOG,
        *places.logs.glob("*.jsonl"),
        *places.data_docs.glob("*"),
    }
    oldest = before.replace(tzinfo=UTC).timestamp()
    return sorted(
        file
        for file in places.logs.rglob("*")
        if file.is_file() and file not in last and file.stat().st_mtime < oldest
    )


def _remove(files: Mapping[Path, Look | None]) -> tuple[int, int]:
    """Remove files and count those that went and those that did not let themselves.

    Who delivered one may not let us; one that no longer lies as it did when it was
    looked at is another, and stays.
    """
    gone = stuck = 0
    for file, look in files.items():
        try:
            if look and look != (file.stat().st_size, modified_at(file)):
                continue
            file.unlink()
        except OSError:
            stuck += 1
        else:
            gone += 1
    return gone, stuck
