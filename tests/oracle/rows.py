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

    @property
    def record(self) -> tuple[str, str]:
        """Return what names the record."""
        return self.source_name, self.source_record_id

    @property
    def known_at(self) -> datetime:
        """Return when the load became known."""
        return FIRST_LOAD_AT + self.load_id * LOAD_STEP

    @property
    def word_order(self) -> tuple[date, int, int]:
        """Return what decides the last word on one moment."""
        return self.delivered_on, self.load_id, self.load_row
