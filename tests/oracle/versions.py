"""States of records and versions of customers, one moment at a time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from oracle.rows import PartyRow

Record = tuple[str, str]
Values = dict[str, object]

BEGINNING, END = datetime(1900, 1, 1), datetime(9999, 12, 31)
GROUPS: dict[str, tuple[str, ...]] = {
    "name": ("full_name",),
    "person": ("birth_date",),
    "national_id": ("national_id",),
    "register": ("organisation_code",),
    "membership": ("member_number",),
    "email": ("email",),
    "address": ("address_line", "postcode", "city"),
}
VERIFIED = {"national_id": "national_id", "email": "email", "address": "postcode"}
ATTRIBUTES = tuple(name for columns in GROUPS.values() for name in columns)


@dataclass(frozen=True)
class Source:
    """What the survivorship asks of a source: per group, 1 is the most reliable."""

    ranks: Mapping[str, int]
    is_external: bool


@dataclass(frozen=True)
class State:
    """What one record held from one moment until the next."""

    record: Record
    valid_from: datetime
    valid_to: datetime
    is_deleted: bool
    values: Values


@dataclass(frozen=True)
class Version:
    """One version of one customer."""

    customer_id: str
    valid_from: datetime
    valid_to: datetime
    is_prospect: bool
    is_deleted: bool
    values: tuple[object, ...]


class Survivorship:
    """Who wins, by source and by what proves valid.

    Args:
        sources: What is asked of each source.
        standard: Per attribute, its standard form, or None when it is invalid.
    """

    def __init__(
        self,
        sources: dict[str, Source],
        standard: dict[str, Callable[[str], str | None]],
    ) -> None:
        """Keep the policy."""
        self.sources = sources
        self.standard = standard

    def versions(
        self, rows: Iterable[PartyRow], linked: dict[Record, str]
    ) -> list[Version]:
        """Return the versions of every customer, in order."""
        states = [state for record in linked for state in states_of(rows, record)]
        found = []
        for customer in sorted(set(linked.values())):
            own = [state for state in states if linked[state.record] == customer]
            found += self._versions_of(customer, own)
        return found

    def _versions_of(self, customer: str, states: list[State]) -> list[Version]:
        moments = sorted({state.valid_from for state in states})
        kept: list[tuple[datetime, bool, bool, tuple[object, ...]]] = []
        for moment in moments:
            version = self._at(moment, states)
            if not kept or kept[-1][1:] != version:
                kept.append((moment, *version))
        starts = [BEGINNING] + [start for start, *_ in kept[1:]]
        ends = [*starts[1:], END]
        return [
            Version(customer, start, end, prospect, deleted, values)
            for start, end, (_, prospect, deleted, values) in zip(
                starts, ends, kept, strict=True
            )
        ]

    def _at(
        self, moment: datetime, states: list[State]
    ) -> tuple[bool, bool, tuple[object, ...]]:
        holding = [s for s in states if s.valid_from <= moment < s.valid_to]
        living = [state for state in holding if not state.is_deleted]
        heard = living or holding
        values: Values = {}
        for group, columns in GROUPS.items():
            filled = [s for s in heard if any(s.values[name] for name in columns)]
            winner = min(filled, key=lambda s: self._rank(group, s), default=None)
            for name in columns:
                values[name] = winner.values[name] if winner else None
        is_prospect = all(self.sources[s.record[0]].is_external for s in holding)
        return is_prospect, not living, tuple(values[name] for name in ATTRIBUTES)

    def _rank(self, group: str, state: State) -> tuple[object, ...]:
        """Verified, then reliable, then recent, then complete; then by name."""
        proof = VERIFIED.get(group)
        is_unproven = proof is not None and self._standard(proof, state) is None
        complete = sum(
            (state.values[name] is not None) + (self._standard(name, state) is not None)
            for name in GROUPS[group]
        )
        return (
            is_unproven,
            self.sources[state.record[0]].ranks[group],
            END - state.valid_from,
            -complete,
            state.record,
        )

    def _standard(self, name: str, state: State) -> str | None:
        value = state.values[name]
        standard = self.standard.get(name)
        return standard(str(value)) if standard and value is not None else None


def states_of(rows: Iterable[PartyRow], record: Record) -> list[State]:
    """Return what the record held, moment by moment: the last word on each.

    What a delta leaves out keeps its value, and so does everything at a deletion.
    """
    own = sorted(
        (row for row in rows if row.record == record),
        key=lambda row: (row.valid_from, *row.word_order),
    )
    values: Values = dict.fromkeys(ATTRIBUTES)
    last_words: dict[datetime, tuple[bool, Values]] = {}
    for row in own:
        if not row.is_deleted:
            stated = {n: getattr(row, n) for n in ATTRIBUTES if n not in row.left_out}
            values = values | stated
        last_words[row.valid_from] = (row.is_deleted, values)
    ends = [*list(last_words)[1:], END]
    return [
        State(record, moment, end, is_deleted, held)
        for (moment, (is_deleted, held)), end in zip(
            last_words.items(), ends, strict=True
        )
    ]
