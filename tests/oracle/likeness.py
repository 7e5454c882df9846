"""How alike two records are, by a simple sum, as known at one load."""

from collections.abc import Iterable
from datetime import datetime

from oracle.rows import PartyRow

Record = tuple[str, str]
State = dict[str, object]

WEIGHTS = {
    "first": {
        "name_key": 2,
        "birth_date": 3,
        "email_standard": 2,
        "address_key": 2,
        "postcode_standard": 1,
    },
    "second": {
        "name_key": 1,
        "birth_date": 4,
        "email_standard": 1,
        "address_key": 3,
        "postcode_standard": 1,
    },
    "none": {},
}
"""Per model, what an equal value weighs; probability is the sum in eighths."""

FIELDS = {
    "name_key": "full_name",
    "birth_date": "birth_date",
    "email_standard": "email",
    "address_key": "address_line",
    "postcode_standard": "postcode",
    "city": "city",
    "has_mixed_scripts": "full_name",
    "national_id_standard": "national_id",
    "organisation_code_standard": "organisation_code",
    "member_number": "member_number",
}
"""Columns of a profile, and the field that a delta names for each."""

SHARED_BY = {"email_standard": 20, "address_key": 100}
LINK_FROM, REVIEW_FROM = 6, 5


def states(
    rows: list[PartyRow], record: Record, shared: dict[str, set[object]]
) -> list[State]:
    """Return what the record stated of each moment, deltas filled from before."""
    own = [row for row in rows if row.record == record and not row.is_deleted]
    found: dict[datetime, State] = {}
    values: State = dict.fromkeys(FIELDS)
    for row in sorted(own, key=lambda row: (row.valid_from, *row.word_order)):
        values = values | {
            column: getattr(row, _attribute(column))
            for column, field in FIELDS.items()
            if field not in row.left_out
        }
        found[row.valid_from] = values
    return [
        {
            name: None if value in shared.get(name, ()) else value
            for name, value in state.items()
        }
        for state in found.values()
    ]


def _attribute(column: str) -> str:
    return column if column == "has_mixed_scripts" else FIELDS[column]


def shared_values(rows: list[PartyRow]) -> dict[str, set[object]]:
    """Return the values that too many records ever stated."""
    found: dict[str, set[object]] = {}
    for column, limit in SHARED_BY.items():
        holders: dict[object, set[Record]] = {}
        for row in rows:
            value = getattr(row, FIELDS[column])
            if value is not None and not row.is_deleted:
                holders.setdefault(value, set()).add(row.record)
        found[column] = {v for v, held in holders.items() if len(held) > limit}
    return found


def likenesses(
    ones: list[State], others: list[State], model: str
) -> Iterable[tuple[int, bool]]:
    """Yield the weight of each pair of states, and whether scripts are mixed."""
    for one in ones:
        for other in others:
            weight = sum(
                weight
                for column, weight in WEIGHTS[model].items()
                if one[column] is not None and one[column] == other[column]
            )
            is_mixed = bool(one["has_mixed_scripts"] or other["has_mixed_scripts"])
            yield weight, is_mixed
