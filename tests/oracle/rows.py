"""One delivered state of a party, as the oracles read it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

LOAD_STEP = timedelta(hours=1)
FIRST_LOAD_AT = datetime(2026, 1, 1)


@dataclass(frozen=True)
class PartyRow:
    """A row of the input entity party, with the columns that the oracles follow."""

    load_id: int
    load_row: int
    source_name: str
    source_record_id: str
    delivered_on: date
    valid_from: datetime
    is_deleted: bool = False
    left_out: tuple[str, ...] = ()
    party_kind: str | None = "person"
    national_id: str | None = None
    organisation_code: str | None = None
    member_number: str | None = None
    email: str | None = None
    full_name: str | None = None
    birth_date: date | None = None
    address_line: str | None = None
    postcode: str | None = None
    city: str | None = None
    has_mixed_scripts: bool = False

    @property
    def record(self) -> tuple[str, str]:
        """Return what names the record."""
        return self.source_name, self.source_record_id

    @property
    def known_at(self) -> datetime:
        """Return when the load became known."""
        return known_at(self.load_id)

    @property
    def word_order(self) -> tuple[date, int, int]:
        """Return what decides the last word on one moment."""
        return self.delivered_on, self.load_id, self.load_row


@dataclass(frozen=True)
class DecisionRow:
    """A steward's decision about two records: must, never or withdrawn."""

    load_id: int
    load_row: int
    left: tuple[str, str]
    right: tuple[str, str]
    verdict: str
    decided_at: datetime

    @property
    def known_at(self) -> datetime:
        """Return when the load became known."""
        return known_at(self.load_id)


@dataclass(frozen=True)
class ModelRow:
    """A model of likeness that came into use with a load."""

    load_id: int
    model_key: str
    party_kind: str = "person"

    @property
    def known_at(self) -> datetime:
        """Return when the load became known."""
        return known_at(self.load_id)


def known_at(load_id: int) -> datetime:
    """Return when a load became known."""
    return FIRST_LOAD_AT + load_id * LOAD_STEP
