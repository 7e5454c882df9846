"""What was refused and what became of it, chosen and counted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from warehouse.company import Company
from warehouse.errors import WrongUseError
from warehouse.quarantine.pending import pending_verdicts
from warehouse.receiving.ledger_copy import read_copy
from warehouse.receiving.reasons import MENDS
from warehouse.settings import Settings

STATES = ("waiting", "mended", "replayed", "accepted", "given_up", "superseded")
MAY_STILL_COME = frozenset({"waiting", "given_up"})
"""States in which a row may be mended or replayed."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which refused rows and deliveries are meant; what is not stated, any.

    Args:
        row_number: 0 for deliveries that were refused as a whole.
    """

    load_id: int | None = None
    row_number: int | None = None
    source_name: str | None = None
    table_name: str | None = None
    reason_code: str | None = None
    business_date: date | None = None
    state: str | None = None


@dataclass(frozen=True)
class Refused:
    """A refused row, or a delivery refused as a whole, without its content.

    Args:
        row_number: Its ordinal in the delivery; 0 for the whole delivery.
        line_number: The line where it starts, where lines exist.
        known_at: When it was refused, naive UTC.
        state: One of `STATES`; `warehouse.ledger_refused` says what they mean.
        decided_by: Who ended it; likewise when and why, where anybody said so.
        closed_load_id: The load that ended it, where one did.
        delivery: Which delivery the load's number stands for.
        pending: What was decided and waits for the next night.
    """

    load_id: int
    row_number: int
    source_name: str
    table_name: str
    delivered_name: str
    business_date: date
    line_number: int | None
    column_name: str | None
    reason_code: str
    reason: str
    known_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    decided_why: str | None
    closed_load_id: int | None
    delivery: str
    pending: str | None = None

    @property
    def mend(self) -> str:
        """Return what to do about it."""
        return MENDS[self.reason_code]

    @property
    def name(self) -> str:
        """Return how messages name it."""
        row = f"row {self.row_number} of " if self.row_number else ""
        return f"{row}load {self.load_id}"


_REFUSED = """
select
    load_id, row_number, source_name, table_name, delivered_name, business_date,
    line_number, column_name, reason_code, reason, known_at, state, decided_by,
    decided_at, decided_why, closed_load_id, delivery
from ledger.refused
where
    ($load_id is null or load_id = $load_id)
    and ($row_number is null or row_number = $row_number)
    and ($source_name is null or source_name = $source_name)
    and ($table_name is null or table_name = $table_name)
    and ($reason_code is null or reason_code = $reason_code)
    and ($business_date is null or business_date = $business_date)
    and ($state is null or state = $state)
order by load_id, row_number
"""

_BYTES = """
select row_number, raw_bytes
from quarantine.row
where load_id = $load_id and row_number in (select unnest($rows))
"""


def refused(
    settings: Settings, company: Company, chosen: Chosen | None = None
) -> list[Refused]:
    """Return what was refused, in order of load and row.

    Args:
        settings: Where the company's data lies.
        company: Whose landing folders may hold words that wait for the next night.
        chosen: Which of them; all when not given.

    Raises:
        WrongUseError: The ledger's copy was made by an earlier version of the house.
    """
    with read_copy(settings) as connection:
        if connection is None:
            _refuse_old_copy(settings)
            return []
        rows = connection.execute(_REFUSED, asdict(chosen or Chosen())).fetchall()
    verdicts = pending_verdicts(settings, company)
    return [
        replace(
            each,
            pending=verdicts.get((each.load_id, each.row_number, each.delivery))
            or verdicts.get((each.load_id, each.row_number, None)),
        )
        for each in (Refused(*row) for row in rows)
    ]


def _refuse_old_copy(settings: Settings) -> None:
    if settings.places.ledger_copy.is_file():
        raise WrongUseError(
            "the ledger's copy does not know what became of what was refused",
            where=str(settings.places.ledger_copy),
            mend="Run `clientele night` once: it makes the copy anew.",
        )


def one(settings: Settings, company: Company, load_id: int, row: int) -> Refused:
    """Return one refused row, or with row 0 one refused delivery.

    Raises:
        WrongUseError: There is no such row, or no such delivery.
    """
    found = refused(settings, company, Chosen(load_id=load_id, row_number=row))
    if not found:
        raise no_such(
            f"row {row} of load {load_id} in quarantine"
            if row
            else f"refused load {load_id}"
        )
    return found[0]


def no_such(what: str) -> WrongUseError:
    """Return the error for something that the quarantine does not hold."""
    return WrongUseError(
        f"there is no {what}",
        where="quarantine",
        mend="`clientele quarantine` lists what there is.",
    )


def raw_bytes(
    settings: Settings, load_id: int, rows: Sequence[int]
) -> dict[int, bytes]:
    """Return the bytes of quarantined rows of a load, by their ordinals."""
    with read_copy(settings) as connection:
        if connection is None:
            return {}
        found = connection.execute(
            _BYTES, {"load_id": load_id, "rows": list(rows)}
        ).fetchall()
    return dict(found)


def counts(rows: Iterable[Refused]) -> list[tuple[str, str, str, str, int]]:
    """Return reason code, source, table, state and how many, the most first."""
    counted = Counter(
        (row.reason_code, row.source_name, row.table_name, row.state) for row in rows
    )
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return [(*group, count) for group, count in ordered]
