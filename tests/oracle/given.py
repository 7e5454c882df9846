"""Links that are given, not found: merges, splits, and back again."""

import random
from dataclasses import dataclass, replace

from oracle.rows import PartyRow

Record = tuple[str, str]


@dataclass(frozen=True)
class GivenLink:
    """From a load on, a record is taken for a customer's."""

    load_id: int
    record: Record
    customer_id: str
    previous_customer_id: str | None = None


def random_links(seed: int, rows: list[PartyRow]) -> list[GivenLink]:
    """Return links for the records of a history.

    A record is linked with its first load, and may then move to the customer of another
    one, or back to its own, with any later load. Organisations stay alone.

    Args:
        seed: What the links follow from.
        rows: The history.
    """
    chance = random.Random(seed)  # noqa: S311
    links: list[GivenLink] = []
    current: dict[Record, str] = {}
    alone = {row.record for row in rows if row.party_kind == "organisation"}
    for load_id in sorted({row.load_id for row in rows}):
        known = {row.record for row in rows if row.load_id <= load_id}
        for record in sorted(known):
            others = sorted(known - alone) or [record]
            is_own = record in alone or chance.random() < 0.4
            moves = record not in current or chance.random() < 0.3
            linked = "c" + (record if is_own else chance.choice(others))[1]
            if moves and linked != current.get(record):
                links.append(GivenLink(load_id, record, linked, current.get(record)))
                current[record] = linked
    return links


def in_another_order(seed: int, rows: list[PartyRow], loads: int) -> list[PartyRow]:
    """Return the same rows as other loads would have brought them.

    Each row is delivered on a day of its own, so that the last word on a moment is the
    same whenever it comes.
    """
    chance = random.Random(seed)  # noqa: S311
    return [
        replace(
            row,
            load_id=1 + chance.randrange(loads),
            delivered_on=row.delivered_on.replace(day=row.load_row),
        )
        for row in rows
    ]


def settled(rows: list[PartyRow], links: list[GivenLink]) -> list[GivenLink]:
    """Return one link a record, known with its first load: whom it ended with."""
    first_load = {
        row.record: row.load_id
        for row in sorted(rows, key=lambda row: row.load_id, reverse=True)
    }
    last = {link.record: link.customer_id for link in links}
    return [GivenLink(first_load[record], record, last[record]) for record in last]
