"""The journal of nights: one line when a night begins, one when it has ended.

It lies in `logs/nights.jsonl`, is written by whoever holds the lock of the one writer,
and nothing that is published rests on it: it may be deleted. The ledger says what came;
the journal says how each run went, how long it took and why it stopped.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from warehouse.settings import Settings

REMEMBERED = 400
"""How many lines of the journal are looked at: more than half a year of nights."""

Result = Literal["published", "done", "held", "failed"]


class _Kept(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Trouble(_Kept):
    """What went wrong, where, and the mend: the parts of an error of the house."""

    what: str
    where: str
    mend: str


class FailedCheck(_Kept):
    """One check that did not pass, without any value of the rows."""

    severity: str
    outcome: str
    table_name: str
    check_name: str
    message: str | None
    next_step: str | None = None

    @property
    def is_error(self) -> bool:
        """Return whether it holds a publication back."""
        return self.severity == "error" or self.outcome == "broken"


class NightEntry(_Kept):
    """One run: when it began and, once it has ended, what came of it.

    `done` is a run that went through and published nothing new.
    """

    run_id: str
    began_at: datetime
    """Naive UTC, by the machine's clock."""
    business_dates: list[date]
    load_before: int | None
    """The last load of the ledger when it began; 0 when there was none, none when the
    archive could not be read."""
    ended_at: datetime | None = None
    result: Result | None = None
    load_after: int | None = None
    release: str | None = None
    """The release that was current when it ended."""
    trouble: Trouble | None = None
    checks: list[FailedCheck] = []
    """The checks of this run that did not pass."""
    byte_count: int | None = None
    """What the company's data took on the disk at the end."""

    @property
    def took(self) -> timedelta | None:
        """Return how long it took, once it has ended."""
        return self.ended_at - self.began_at if self.ended_at else None


def journal_file(settings: Settings) -> Path:
    """Return where the journal lies."""
    return settings.places.logs / "nights.jsonl"


def write_entry(settings: Settings, entry: NightEntry) -> None:
    """Append an entry; of two of one run, the later counts.

    Args:
        settings: Where the company's data lies.
        entry: What to remember.
    """
    append_line(journal_file(settings), entry)


def append_line(file: Path, entry: BaseModel) -> None:
    """Append a line of JSON to a file that nobody else reads, making it if needed.

    A line that was cut by a crash is ended first, so that it spoils no other.
    """
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    is_cut = file.is_file() and file.read_bytes()[-1:] not in (b"", b"\n")
    with file.open("a", encoding="utf-8") as stream:
        stream.write(("\n" if is_cut else "") + entry.model_dump_json() + "\n")
    file.chmod(0o640)


def read_journal(settings: Settings, *, last: int = REMEMBERED) -> list[NightEntry]:
    """Read the last nights, oldest first; a line that cannot be read is passed over.

    Args:
        settings: Where the company's data lies.
        last: How many nights at most.
    """
    file = journal_file(settings)
    if not file.is_file():
        return []
    lines = file.read_bytes().splitlines()[-REMEMBERED:]
    entries = [entry for line in lines if (entry := _parsed(line))]
    return list({entry.run_id: entry for entry in entries}.values())[-last:]


def _parsed(line: bytes) -> NightEntry | None:
    try:
        return NightEntry.model_validate_json(line)
    except ValidationError:
        return None
