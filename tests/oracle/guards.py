"""Which edges join nobody, and the clusters that the others come to."""

from collections.abc import Iterable

from oracle.edges import Edge, Record, World, believed

LARGEST_CLUSTER = 30
STRONG = 0.999


def refuse(edge: Edge, reason: str) -> Edge:
    """Return the edge as one that joins nobody."""
    return Edge(edge.rank, edge.weight, edge.pair, reason)


def reach(edges: Iterable[Edge], start: Record) -> set[Record]:
    """Return the records that edges lead to."""
    reached, grown = {start}, True
    while grown:
        more = {end for edge in edges if reached & set(edge.pair) for end in edge.pair}
        grown = not more <= reached
        reached |= more
    return reached


def too_large(edges: list[Edge]) -> list[Edge]:
    """Return the likenesses of components that are larger than a customer may be."""
    return [
        refuse(edge, "too_large")
        for edge in edges
        if edge.rule == "similar" and len(reach(edges, edge.pair[0])) > LARGEST_CLUSTER
    ]


def weak_bridges(edges: list[Edge]) -> list[Edge]:
    """Return the weak likenesses that alone hold two groups together."""
    refused: list[Edge] = []
    strongest = {edge.pair: edge for edge in reversed(edges)}
    for weakest in sorted(strongest.values(), reverse=True):
        if weakest.rule != "similar" or weakest.probability >= STRONG:
            continue
        others = [edge for edge in edges if edge.pair != weakest.pair]
        sides = [reach(others, end) for end in weakest.pair]
        if weakest.pair[1] not in sides[0] and min(map(len, sides)) > 1:
            refused += [edge for edge in edges if edge.pair == weakest.pair]
            edges = others
    return [refuse(edge, "weak_bridge") for edge in refused]


def joined(
    world: World, records: set[Record], edges: list[Edge], unique_sources: set[str]
) -> tuple[dict[Record, set[Record]], list[Edge]]:
    """Join along the edges, the most believed first; return clusters and refusals."""
    cluster = {record: {record} for record in records}
    born = {record: believed(world.rows, record)["birth_date"] for record in records}
    never = [pair for pair, verdict in world.verdicts().items() if verdict == "never"]
    refused = []
    for edge in edges:
        one, other = (cluster[end] for end in edge.pair)
        if one is other:
            continue
        together = one | other
        mine, theirs = ({s for s, _ in side} & unique_sources for side in (one, other))
        days, other_days = (
            set().union(*(born[member] for member in side)) for side in (one, other)
        )
        if any(set(pair) <= together for pair in never):
            refused.append(refuse(edge, "never"))
        elif edge.rule != "must" and mine & theirs:
            refused.append(refuse(edge, "unique_source"))
        elif refuted(edge.rule, days, other_days):
            refused.append(refuse(edge, "birth_date"))
        else:
            for member in together:
                cluster[member] = together
    return cluster, refused


def refuted(rule: str, days: set[object], other_days: set[object]) -> bool:
    """Tell whether dates of birth, known on both sides, speak against an edge."""
    if rule not in ("email_and_name", "similar") or not days or not other_days:
        return False
    return not any(
        one == other or (rule == "similar" and mistyped(str(one), str(other)))
        for one in days
        for other in other_days
    )


def mistyped(text: str, other: str) -> bool:
    """Tell whether one date, year first, is the other after one slip of the hand."""
    slips = {f"{text[:5]}{text[8:]}-{text[5:7]}"}
    for at in range(len(text)):
        slips |= {text[:at] + digit + text[at + 1 :] for digit in "0123456789"}
        slips.add(text[:at] + text[at : at + 2][::-1] + text[at + 2 :])
    return other in slips
