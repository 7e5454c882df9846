"""What was known after each load: nothing but what had come in by then."""

from collections.abc import Iterable

from oracle.given import GivenLink, Record
from oracle.rows import PartyRow, known_at
from oracle.versions import Survivorship, Version


def versions_known(
    policy: Survivorship,
    rows: Iterable[PartyRow],
    links: Iterable[GivenLink],
    load_id: int,
) -> list[Version]:
    """Return the versions of every customer as they were known after a load."""
    delivered = [row for row in rows if row.load_id <= load_id]
    linked: dict[Record, str] = {}
    for link in sorted(links, key=lambda link: link.load_id):
        if link.load_id <= load_id:
            linked[link.record] = link.customer_id
    return policy.versions(delivered, linked, known_at(load_id))
