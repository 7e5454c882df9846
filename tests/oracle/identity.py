"""Identity links, one load and one record at a time."""

import hashlib
import hmac
from dataclasses import dataclass

from oracle.edges import Edge, Pair, Record, World, links
from oracle.guards import joined, too_large, weak_bridges

REASONS = [
    *("review_band", "look_alike", "party_kind", "too_large", "weak_bridge"),
    *("never", "unique_source", "birth_date"),
]


@dataclass(frozen=True)
class Link:
    """A row of the log of identity changes."""

    load_id: int
    record: Record
    customer_id: str
    previous_customer_id: str | None
    match_rule: str
    match_probability: float = 1.0
    cause: str = "delivery"


@dataclass(frozen=True)
class Held:
    """A row of the log of what is held back."""

    load_id: int
    left: Record
    right: Record
    match_rule: str
    match_probability: float | None
    reason_code: str | None


@dataclass
class Picture:
    """Who is who at one load."""

    cluster: dict[Record, set[Record]]
    strongest: dict[Record, Edge]
    held: dict[tuple[Pair, str], Edge]


def customer_id(record: Record, key: bytes) -> str:
    """Return the id that the record founds."""
    message = "|".join(f"{len(part)}:{part}" for part in record)
    return "c" + hmac.new(key, message.encode(), hashlib.sha256).hexdigest()[:31]


def replay(
    world: World, unique_sources: set[str], key: bytes
) -> tuple[list[Link], list[Held]]:
    """Return the logs that all the loads, in their order, come to."""
    rows = sorted(world.rows, key=lambda row: (row.load_id, row.load_row, row.record))
    world = World(rows, world.decisions, world.models, world.first_model)
    log: list[Link] = []
    held: list[Held] = []
    current: dict[Record, str] = {}
    reasons: dict[tuple[Pair, str], str | None] = {}
    for load_id in world.loads:
        known = world.until(load_id)
        order = list(dict.fromkeys(row.record for row in known.rows))
        picture = look(known, unique_sources)
        for record in order:
            founder = min(picture.cluster[record], key=order.index)
            linked = customer_id(founder, key)
            previous = current.get(record)
            if previous != linked:
                edge = picture.strongest.get(record)
                log.append(
                    Link(
                        load_id,
                        record,
                        linked,
                        previous,
                        edge.rule if edge else "alone",
                        edge.probability if edge else 1.0,
                        cause(world, load_id, previous),
                    )
                )
                current[record] = linked
        for item in sorted(reasons.keys() | picture.held.keys()):
            edge = picture.held.get(item)
            reason = edge.reason if edge else None
            if reasons.get(item) != reason:
                likely = edge.probability if edge else None
                held.append(Held(load_id, *item[0], item[1], likely, reason))
            reasons[item] = reason
    return log, held


def cause(world: World, load_id: int, previous: str | None) -> str:
    """Return what made a record move at a load."""
    if previous and load_id in {row.load_id for row in world.models}:
        return "model"
    if load_id in {row.load_id for row in world.decisions}:
        return "decision"
    return "delivery"


def look(world: World, unique_sources: set[str]) -> Picture:
    """Return who is who, from what holds now and nothing else."""
    records = {row.record for row in world.rows}
    edges = sorted(links(world, records))
    listed = [edge for edge in edges if edge.reason]
    joining = [edge for edge in edges if not edge.reason]
    refused = too_large(joining)
    refused += weak_bridges([edge for edge in joining if edge not in refused])
    joining = [edge for edge in joining if edge not in refused]
    cluster, unjoined = joined(world, records, joining, unique_sources)
    strongest: dict[Record, Edge] = {}
    for edge in reversed(joining):
        one, other = edge.pair
        if cluster[one] is cluster[other]:
            strongest[one] = strongest[other] = edge
    held: dict[tuple[Pair, str], Edge] = {}
    for edge in listed + refused + unjoined:
        one, other = edge.pair
        item = edge.pair, edge.rule
        if cluster[one] is not cluster[other] and (
            item not in held or _urgency(edge) < _urgency(held[item])
        ):
            held[item] = edge
    return Picture(cluster, strongest, held)


def _urgency(edge: Edge) -> tuple[float, int]:
    return -edge.probability, REASONS.index(edge.reason or "")
