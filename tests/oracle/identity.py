"""Identity links, one load and one record at a time."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from oracle.rows import PartyRow

Record = tuple[str, str]
RULES = ["national_id", "organisation_code", "member_number", "email_and_name"]
ATTRIBUTES = [*RULES[:3], "email", "full_name", "birth_date"]
TOO_MANY_HOLDERS = 11


@dataclass(frozen=True)
class Link:
    """A row of the log of identity changes."""

    load_id: int
    record: Record
    customer_id: str
    previous_customer_id: str | None
    match_rule: str


def customer_id(record: Record, key: bytes) -> str:
    """Return the id that the record founds."""
    message = "|".join(f"{len(part)}:{part}" for part in record)
    return "c" + hmac.new(key, message.encode(), hashlib.sha256).hexdigest()[:31]


def replay(
    rows: Iterable[PartyRow], unique_sources: set[str], key: bytes
) -> list[Link]:
    """Return the log that all the loads, in their order, come to."""
    rows = sorted(rows, key=lambda row: (row.load_id, row.load_row, row.record))
    log: list[Link] = []
    current: dict[Record, str] = {}
    for load_id in sorted({row.load_id for row in rows}):
        known = [row for row in rows if row.load_id <= load_id]
        order = list(dict.fromkeys(row.record for row in known))
        cluster, rule = clusters(known, unique_sources)
        for record in order:
            founder = min(cluster[record], key=order.index)
            linked = customer_id(founder, key)
            if current.get(record) != linked:
                log.append(
                    Link(load_id, record, linked, current.get(record), rule[record])
                )
                current[record] = linked
    return log


def clusters(
    rows: list[PartyRow], unique_sources: set[str]
) -> tuple[dict[Record, set[Record]], dict[Record, str]]:
    """Return each record's cluster and the strongest rule that links it there."""
    records = {row.record for row in rows}
    cluster = {record: {record} for record in records}
    born = {record: believed(rows, record)["birth_date"] for record in records}
    edges = sorted(links(rows, records))
    for rank, _, one, other in edges:
        together = cluster[one] | cluster[other]
        sources = [source for source, _ in together if source in unique_sources]
        days, other_days = (
            set().union(*(born[member] for member in cluster[end]))
            for end in (one, other)
        )
        is_refuted = days and other_days and not days & other_days
        if cluster[one] is cluster[other] or len(sources) > len(set(sources)):
            continue
        if RULES[rank] == "email_and_name" and is_refuted:
            continue
        for member in together:
            cluster[member] = together
    rule = dict.fromkeys(records, "alone")
    for rank, _, one, other in reversed(edges):
        if cluster[one] is cluster[other]:
            rule[one] = rule[other] = RULES[rank]
    return cluster, rule


def links(
    rows: list[PartyRow], records: set[Record]
) -> Iterable[tuple[int, tuple[str, str], Record, Record]]:
    """Yield the pairs of records that share a key, with rank of rule, and the key."""
    kinds = {record: kinds_of(rows, record) for record in records}
    ever: dict[tuple[int, tuple[str, str]], set[Record]] = {}
    now: dict[tuple[int, tuple[str, str]], set[Record]] = {}
    for record in records:
        if not kinds[record]:
            continue
        for key in keys(kinds[record][0], stated(rows, record)):
            ever.setdefault(key, set()).add(record)
        if len(set(kinds[record])) == 1:
            for key in keys(kinds[record][0], believed(rows, record)):
                now.setdefault(key, set()).add(record)
    for (rank, key), holders in now.items():
        if len(ever[rank, key]) < TOO_MANY_HOLDERS:
            for one, other in combinations(sorted(holders), 2):
                yield rank, key, one, other


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
    for rank, rule in enumerate(RULES[:3]):
        for value in values[rule]:
            yield rank, (kind, str(value))
    for email in values["email"]:
        for name in values["full_name"]:
            yield 3, (kind, f"{email} {name}")
