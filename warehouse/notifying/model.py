"""What operators are told: conditions that last, and the notifications made of them.

Neither holds personal data: the parts are those of the errors of the house.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from warehouse.operations.journal import Trouble

VERSION = 1
"""Of the payload; it grows when a field goes or changes its meaning."""


class Event(StrEnum):
    """The kinds of things that operators are told of."""

    NIGHT_FAILED = "night_failed"
    PUBLICATION_HELD = "publication_held"
    CHECK_FAILED = "check_failed"
    DELIVERY_LATE = "delivery_late"
    DISK_LOW = "disk_low"
    BACKUP_OLD = "backup_old"
    DATA_UNREADABLE = "data_unreadable"
    RECOVERED = "recovered"
    TEST = "test"


HEADLINES = {
    Event.NIGHT_FAILED: "the night failed",
    Event.PUBLICATION_HELD: "the publication is held",
    Event.CHECK_FAILED: "checks of level error did not pass",
    Event.DELIVERY_LATE: "deliveries are late",
    Event.DISK_LOW: "the disk is nearly full",
    Event.BACKUP_OLD: "the last backup is too old",
    Event.DATA_UNREADABLE: "a part of the data cannot be read",
    Event.RECOVERED: "well again",
    Event.TEST: "a test: nothing is wrong",
}


class Condition(BaseModel):
    """Something that is not as it should be, as long as it lasts."""

    event: Event
    subject: str
    """What tells it from others of its event: the same one is not told twice."""
    trouble: Trouble

    @property
    def key(self) -> str:
        """Return what it is remembered by."""
        return f"{self.event}: {self.subject}"


@dataclass(frozen=True)
class Notification:
    """One word to operators.

    Args:
        event: What kind of thing happened.
        company: Whose warehouse, by the name of its folder.
        happened_at: When it was seen, naive UTC.
        release: What readers see meanwhile.
        items: What is wrong, each with its mend; what is well again.
        subjects: The keys of the conditions that it tells of.
    """

    event: Event
    company: str
    happened_at: datetime
    release: str | None
    items: Sequence[Trouble]
    subjects: Sequence[str] = field(default_factory=tuple)

    @property
    def headline(self) -> str:
        """Say it in a line."""
        return plain(f"[clientele {self.company}] {HEADLINES[self.event]}")

    @property
    def text(self) -> str:
        """Say it in full, for people."""
        told = [_paragraph(item) for item in self.items]
        published = self.release or "nothing"
        return "\n\n".join([self.headline, *told, f"Published is {published}."])

    def payload(self) -> dict[str, Any]:
        """Return what a webhook gets, as documented in `docs/operations.md`."""
        return {
            "version": VERSION,
            "event": self.event.value,
            "company": self.company,
            "happened_at": f"{self.happened_at:%Y-%m-%dT%H:%M:%SZ}",
            "release": self.release,
            "items": [
                {name: plain(said) for name, said in item.model_dump().items()}
                for item in self.items
            ],
            "text": self.text,
        }


def _paragraph(item: Trouble) -> str:
    where = f"\n  where: {plain(item.where)}" if item.where else ""
    mend = f"\n  mend:  {plain(item.mend)}" if item.mend else ""
    return plain(item.what) + where + mend


def plain(text: str) -> str:
    """Return the text on one line, with nothing in it that steers a terminal."""
    return "".join(each if each.isprintable() else " " for each in text).strip()
