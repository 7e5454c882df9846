"""What speaks for two records being one customer, as known at one load."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

from oracle.likeness import LINK_FROM, REVIEW_FROM, likenesses, shared_values, states
from oracle.rows import DecisionRow, ModelRow, PartyRow

Record = tuple[str, str]
Pair = tuple[Record, Record]
RULES = [
    *("must", "national_id", "organisation_code", "member_number"),
    *("email_and_name", "similar"),
]
KEYS = RULES[1:4]
ATTRIBUTES = [*KEYS, "email", "full_name", "birth_date"]
TOO_MANY_HOLDERS = 11


@dataclass(frozen=True, order=True)
class Edge:
    """What speaks for two records being one customer, in the order of belief."""

    rank: int
    weight: int
    pair: Pair
    reason: str | None = field(default=None, compare=False)

    @property
    def rule(self) -> str:
        """Return the name of the rule."""
        return RULES[self.rank]

    @property
    def probability(self) -> float:
        """Return how probable it makes them one; heavy edges weigh below zero."""
        return min(-self.weight, 8) / 8 if self.rule == "similar" else 1.0


@dataclass(frozen=True)
class World:
    """All that was delivered."""

    rows: list[PartyRow]
    decisions: list[DecisionRow] = field(default_factory=list)
    models: list[ModelRow] = field(default_factory=list)
    first_model: str = "first"

    def until(self, load_id: int) -> "World":
        """Return what was known at a load."""
        return World(
            [row for row in self.rows if row.load_id <= load_id],
            [row for row in self.decisions if row.load_id <= load_id],
            [row for row in self.models if row.load_id <= load_id],
            self.first_model,
        )

    @property
    def loads(self) -> list[int]:
        """Return every load, in order."""
        kinds: list[list[PartyRow] | list[DecisionRow] | list[ModelRow]] = [
            self.rows,
            self.decisions,
            self.models,
        ]
        return sorted({row.load_id for delivered in kinds for row in delivered})

    def model(self, party_kind: str) -> str:
        """Return the model in use."""
        used = [row for row in self.models if row.party_kind == party_kind]
        ordered = sorted(used, key=lambda row: row.load_id)
        return ordered[-1].model_key if ordered else self.first_model

    def verdicts(self) -> dict[Pair, str]:
        """Return what was last decided about each pair."""
        ordered = sorted(
            self.decisions, key=lambda row: (row.decided_at, row.load_id, row.load_row)
        )
        return {pair_of(row.left, row.right): row.verdict for row in ordered}


def pair_of(one: Record, other: Record) -> Pair:
    """Return the two in the order of their names."""
    return (one, other) if one < other else (other, one)


def links(world: World, records: set[Record]) -> Iterable[Edge]:
    """Yield what speaks for pairs of records, from every rule."""
    kinds = {record: kinds_of(world.rows, record) for record in records}
    yield from decided(world, kinds)
    yield from sharing(world.rows, kinds)
    yield from alike(world, kinds)


def decided(world: World, kinds: dict[Record, list[str]]) -> Iterable[Edge]:
    """Yield what a steward said must be one customer."""
    for pair, verdict in world.verdicts().items():
        if verdict != "must" or not all(kinds.get(end) for end in pair):
            continue
        is_one_kind = len({kind for end in pair for kind in kinds[end]}) == 1
        yield Edge(0, 0, pair, None if is_one_kind else "party_kind")


def sharing(rows: list[PartyRow], kinds: dict[Record, list[str]]) -> Iterable[Edge]:
    """Yield the pairs of records that share a key."""
    ever: dict[tuple[int, tuple[str, str]], set[Record]] = {}
    now: dict[tuple[int, tuple[str, str]], set[Record]] = {}
    for record, its_kinds in kinds.items():
        if not its_kinds:
            continue
        for key in keys(its_kinds[0], stated(rows, record)):
            ever.setdefault(key, set()).add(record)
        if len(set(its_kinds)) == 1:
            for key in keys(its_kinds[0], believed(rows, record)):
                now.setdefault(key, set()).add(record)
    for shared, holders in now.items():
        if len(ever[shared]) < TOO_MANY_HOLDERS:
            for one, other in combinations(sorted(holders), 2):
                yield Edge(shared[0], 0, (one, other))


def alike(world: World, kinds: dict[Record, list[str]]) -> Iterable[Edge]:
    """Yield the pairs of records that are alike, or may be."""
    shared = shared_values(world.rows)
    of_one_kind = sorted(record for record in kinds if len(set(kinds[record])) == 1)
    held = {record: states(world.rows, record, shared) for record in of_one_kind}
    for one, other in combinations(of_one_kind, 2):
        kind = kinds[one][0]
        if kind != kinds[other][0]:
            continue
        found = likenesses(held[one], held[other], world.model(kind))
        for weight, is_mixed in found:
            if weight >= LINK_FROM:
                reason = "look_alike" if is_mixed else None
                yield Edge(5, -weight, (one, other), reason)
            elif weight >= REVIEW_FROM:
                yield Edge(5, -weight, (one, other), "review_band")


def kinds_of(rows: list[PartyRow], record: Record) -> list[str]:
    """Return the kinds that the record was stated to be, in order of arrival."""
    return [
        row.party_kind or "person"
        for row in rows
        if row.record == record
        and not row.is_deleted
        and "party_kind" not in row.left_out
    ]


def stated(rows: list[PartyRow], record: Record) -> dict[str, set[object]]:
    """Return every value that the record ever stated."""
    own = [row for row in rows if row.record == record and not row.is_deleted]
    return {name: {getattr(row, name) for row in own} - {None} for name in ATTRIBUTES}


def believed(rows: list[PartyRow], record: Record) -> dict[str, set[object]]:
    """Return the values stated, less those whose moment was stated anew."""
    own = [row for row in rows if row.record == record and not row.is_deleted]
    values: dict[str, set[object]] = {}
    for name in ATTRIBUTES:
        last_word = {
            row.valid_from: getattr(row, name)
            for row in sorted(own, key=lambda row: row.word_order)
            if name not in row.left_out
        }
        values[name] = set(last_word.values()) - {None}
    return values


def keys(
    kind: str, values: dict[str, set[object]]
) -> Iterable[tuple[int, tuple[str, str]]]:
    """Yield the keys that the values make: rank of rule, kind and key."""
    for rule in KEYS:
        for value in values[rule]:
            yield RULES.index(rule), (kind, str(value))
    for email in values["email"]:
        for name in values["full_name"]:
            yield RULES.index("email_and_name"), (kind, f"{email} {name}")
