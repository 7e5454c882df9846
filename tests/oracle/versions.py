"""States of records and versions of customers, one moment at a time."""

from collections.abc import Callable, Iterable, Sequence
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
RULES = dict.fromkeys(GROUPS, ("verified", "reliability", "recency", "completeness"))
RULES["person"] = RULES["membership"] = ("reliability", "majority", "recency")
RULES["national_id"] = ("verified", "reliability", "majority", "recency")
RULES["register"] = ("reliability", "majority", "recency")
ATTRIBUTES = tuple(name for columns in GROUPS.values() for name in columns)


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
        external: The sources whose customers are prospects.
        standard: Per attribute, its standard form, or None when it is invalid.
        rank: How reliable a source was known to be, for a group of attributes, at a
            moment of known time: 1 is the most reliable.
        rules: Per group of attributes, what decides, in turn.
    """

    def __init__(
        self,
        external: set[str],
        standard: dict[str, Callable[[str], str | None]],
        rank: Callable[[str, str, datetime], int],
        rules: dict[str, Sequence[str]] = RULES,
    ) -> None:
        """Keep the policy."""
        self.external = external
        self.standard = standard
        self.rank = rank
        self.rules = rules

    def versions(
        self, rows: Iterable[PartyRow], linked: dict[Record, str], known_at: datetime
    ) -> list[Version]:
        """Return the versions of every customer, in order.

        Args:
            rows: What had been delivered.
            linked: Whom each record was taken for.
            known_at: When all that was known.
        """
        rows = list(rows)
        states = [state for record in linked for state in states_of(rows, record)]
        found = []
        for customer in sorted(set(linked.values())):
            own = [state for state in states if linked[state.record] == customer]
            found += self._versions_of(customer, own, known_at)
        return found

    def _versions_of(
        self, customer: str, states: list[State], known_at: datetime
    ) -> list[Version]:
        moments = sorted({state.valid_from for state in states})
        kept: list[tuple[datetime, bool, bool, tuple[object, ...]]] = []
        for moment in moments:
            version = self._at(moment, states, known_at)
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
        self, moment: datetime, states: list[State], known_at: datetime
    ) -> tuple[bool, bool, tuple[object, ...]]:
        holding = [s for s in states if s.valid_from <= moment < s.valid_to]
        living = [state for state in holding if not state.is_deleted]
        heard = living or holding
        values: Values = {}
        for group, columns in GROUPS.items():
            filled = [s for s in heard if any(s.values[name] for name in columns)]
            winner = min(
                filled,
                key=lambda s, g=group, f=filled: self._place(g, s, f, known_at),
                default=None,
            )
            for name in columns:
                values[name] = winner.values[name] if winner else None
        is_prospect = all(s.record[0] in self.external for s in holding)
        return is_prospect, not living, tuple(values[name] for name in ATTRIBUTES)

    def _place(
        self, group: str, state: State, filled: list[State], known_at: datetime
    ) -> tuple[object, ...]:
        """Return what sorts the winner first; what is tied goes to the later state."""
        columns = GROUPS[group]
        proof = VERIFIED.get(group)
        stated = [state.values[name] for name in columns]
        agreeing = [s for s in filled if [s.values[n] for n in columns] == stated]
        decided = {
            "verified": proof is not None and self._standard(proof, state) is None,
            "reliability": self.rank(state.record[0], group, known_at),
            "recency": END - state.valid_from,
            "earliest": state.valid_from,
            "completeness": -sum(
                (state.values[name] is not None)
                + (self._standard(name, state) is not None)
                for name in columns
            ),
            "majority": -len(agreeing),
        }
        ruled = (decided[rule] for rule in self.rules[group])
        return (*ruled, END - state.valid_from, state.record)

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
