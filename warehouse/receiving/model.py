"""What passes between the parts of receiving."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from warehouse.contract_files import STEWARD
from warehouse.contracts import SourceContract, TableContract
from warehouse.receiving.reasons import MENDS, RejectedRow

MENDED_FOLDER = "_mended"
"""Below a business date's folder: rows that a person mended, waiting like any file."""
ACCEPTED_FOLDER = "_accepted"
"""Below a business date's folder: decisions to let a held delivery in, by sha256."""

STEWARD_PLACE = f"_{STEWARD}"
"""Below a business date's folder: what people decided, as commands wrote it."""


@dataclass(frozen=True)
class Delivery:
    """One delivery that waits: a file of a business date, or a database to be read.

    Args:
        name: Its name below the business date's folder; the relation of a database.
        path: The file; none for a database.
        byte_count: Its size, none for a database.
        modified_at: When it was last written, naive UTC; none for a database.
    """

    source: SourceContract
    table: TableContract
    business_date: date
    name: str
    path: Path | None = None
    byte_count: int | None = None
    modified_at: datetime | None = None

    @property
    def is_mended(self) -> bool:
        """Return whether it replays a row that a person mended."""
        return self.name.startswith(f"{MENDED_FOLDER}/")


@dataclass(frozen=True)
class Load:
    """One row of `ledger.load`."""

    load_id: int
    source_name: str
    table_name: str
    delivered_name: str
    sha256: str
    byte_count: int
    modified_at: datetime | None
    business_date: date
    rows_delivered: int
    rows_loaded: int
    rows_quarantined: int
    rows_repeated: int
    rows_deleted: int
    status: str
    reason_code: str | None
    reason: str | None
    cursor_value: str | None
    contract_version: str
    known_at: datetime
    batch_id: int
    started_at: datetime
    finished_at: datetime

    @property
    def mend(self) -> str | None:
        """Return what to do about a refusal."""
        return MENDS[self.reason_code] if self.reason_code else None


Locate = Callable[[Sequence[int]], list[tuple[int | None, bytes]]]
"""For row ordinals in order: the line where each starts, and its bytes."""


@dataclass
class Read:
    """What a reader found: the temp table `delivered` holds the rows it accepted.

    Its columns are the contract's, as text, and `_extra`; its rows are in the order of
    the delivery, so that a row's ordinal follows from its rowid and the rejected rows.

    Args:
        rows_delivered: Records of the delivery, counted apart from the reading.
        rejected: The rows that could not be read.
        locate: Finds line and bytes of accepted rows.
        footer: Fields of the control total, where the contract has one.
        profile: How many rows have which category of value, by column.
    """

    rows_delivered: int
    locate: Locate
    rejected: list[RejectedRow] = field(default_factory=list)
    footer: list[str] | None = None
    profile: list[tuple[str, str, int]] = field(default_factory=list)
