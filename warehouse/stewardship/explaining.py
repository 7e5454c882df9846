"""Why two records are or are not one customer, in plain words, from the last release.

The words name what agrees and what does not, never a value of a person.
"""

from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

import duckdb
import networkx as nx

from warehouse.company import Company
from warehouse.identity.matching import describe
from warehouse.publication.reading import open_release
from warehouse.settings import Settings
from warehouse.stewardship.models import find_model
from warehouse.stewardship.people import Named, find_records
from warehouse.stewardship.wording import REASONS, RULES, VERDICTS

_PAIRS = """
select
    left_source_name || ':' || left_source_record_id as one,
    right_source_name || ':' || right_source_record_id as other,
    match_model, agreement_levels, match_weight, match_probability,
    held_rule, reason_code, verdict, match_pair_key
from descriptive.fct_match_pair
where
    list_contains($names, left_source_name || ':' || left_source_record_id)
    and list_contains($names, right_source_name || ':' || right_source_record_id)
order by match_probability desc nulls last, one, other
"""

_DECISIONS = """
select decided.verdict, decided.decided_at, said.decided_by, said.reason
from quality.fct_identity_decision as decided
left join restricted.quality.fct_identity_decision as said
    using (identity_decision_key)
where
    decided.left_source_name || ':' || decided.left_source_record_id = $one
    and decided.right_source_name || ':' || decided.right_source_record_id = $other
order by decided.decided_at, decided.known_at
"""

_NEIGHBOURS = """
select
    left_source_name || ':' || left_source_record_id as one,
    right_source_name || ':' || right_source_record_id as other,
    match_probability
from descriptive.fct_match_pair
where left_customer_id = $customer_id and is_linked and reason_code is null
order by one, other
"""

PAST = (
    "So they would be one by what they once stated; it holds no longer: it was "
    "corrected, or too many have come to share a value of it."
)


@dataclass(frozen=True)
class Explanation:
    """What is known of two records, and what it means.

    Attributes:
        left: One record.
        right: The other.
        left_customer_id: The customer of the first now.
        right_customer_id: The customer of the other now.
        is_linked: Whether the two are one customer.
        match_model: Model that scored the pair, if one did.
        match_probability: What it gave.
        match_weight: The evidence behind it, in bits.
        reason_code: Why a link between them is held back, if one is.
        verdict: Decision in force, if there is one.
        words: The explanation, a sentence each.
    """

    left: str
    right: str
    left_customer_id: str
    right_customer_id: str
    is_linked: bool
    match_model: str | None = None
    match_probability: float | None = None
    match_weight: float | None = None
    reason_code: str | None = None
    verdict: str | None = None
    words: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return all of it for a program."""
        return asdict(self)


def explain(settings: Settings, company: Company, one: str, other: str) -> Explanation:
    """Explain why two records, or two customers, are or are not one.

    Of two customers, the pair of records that is most alike is explained.

    Args:
        settings: Whose release to read.
        company: Whose models may have scored the pair.
        one: `source:record_id`, or the id of a customer.
        other: The other, likewise.

    Raises:
        WrongUseError: Nothing is published, or the release knows no such record.
    """
    with open_release(settings, restricted=True) as connection:
        left, right, pair = _closest(
            connection, find_records(connection, one), find_records(connection, other)
        )
        is_linked = left.customer_id == right.customer_id
        scored = pair or {}
        words = [
            *_standing(left, right),
            *_decided(connection, left, right),
            *_linking(connection, left, right, is_linked=is_linked, pair=scored),
            *_scored(settings, company, left, right, scored),
            *_held(scored),
        ]
    return Explanation(
        left=left.name,
        right=right.name,
        left_customer_id=left.customer_id,
        right_customer_id=right.customer_id,
        is_linked=is_linked,
        match_model=scored.get("match_model"),
        match_probability=_number(scored.get("match_probability")),
        match_weight=_number(scored.get("match_weight")),
        reason_code=scored.get("reason_code"),
        verdict=scored.get("verdict"),
        words=words,
    )


def _number(value: Any) -> float | None:  # noqa: ANN401
    """Return a decimal of the database as a number."""
    return None if value is None else float(value)


def _closest(
    connection: duckdb.DuckDBPyConnection, ones: list[Named], others: list[Named]
) -> tuple[Named, Named, dict[str, Any] | None]:
    """Return the two records to explain, and what is known of them as a pair."""
    mine, theirs = ({r.name: r for r in each} for each in (ones, others))
    found = connection.execute(_PAIRS, {"names": [*mine, *theirs]})
    columns = [column[0] for column in found.description or []]
    for row in found.fetchall():
        pair = dict(zip(columns, row, strict=True))
        for one, other in ((row[0], row[1]), (row[1], row[0])):
            if one in mine and other in theirs:
                return mine[one], theirs[other], pair
    return ones[0], others[0], None


def _standing(left: Named, right: Named) -> list[str]:
    if left.name == right.name:
        return [f"{left.name} is one record, of customer {left.customer_id}."]
    if left.customer_id == right.customer_id:
        return [f"{left.name} and {right.name} are one customer: {left.customer_id}."]
    words = [
        f"{left.name} and {right.name} are two customers: "
        f"{left.customer_id} and {right.customer_id}."
    ]
    if left.party_kind != right.party_kind:
        words.append(
            f"The first is a {left.party_kind}, the other a {right.party_kind}; "
            "the two kinds are never one customer."
        )
    return words


def _decided(
    connection: duckdb.DuckDBPyConnection, left: Named, right: Named
) -> list[str]:
    one, other = sorted(
        (left, right), key=lambda each: (each.source_name, each.record_id)
    )
    rows = connection.execute(
        _DECISIONS, {"one": one.name, "other": other.name}
    ).fetchall()
    return [
        f"On {decided_at:%Y-%m-%d} {who} decided that {VERDICTS[verdict]}: {why}"
        for verdict, decided_at, who, why in rows
    ]


def _linking(
    connection: duckdb.DuckDBPyConnection,
    left: Named,
    right: Named,
    *,
    is_linked: bool,
    pair: dict[str, Any],
) -> list[str]:
    if not is_linked or left.name == right.name:
        return []
    words = [
        f"What links {each.name} to the customer: {RULES[each.match_rule]} "
        f"(rule {each.match_rule}, probability {each.match_probability:.6f})."
        for each in (left, right)
    ]
    if not pair:
        words += _path(connection, left, right)
    return words


def _path(
    connection: duckdb.DuckDBPyConnection, left: Named, right: Named
) -> list[str]:
    """Say through whom two records met that were not compared themselves."""
    rows = connection.execute(_NEIGHBOURS, {"customer_id": left.customer_id}).fetchall()
    graph = nx.Graph()
    graph.add_weighted_edges_from((one, other, 1) for one, other, _ in rows)
    if left.name in graph and right.name in graph:
        try:
            names = nx.shortest_path(graph, left.name, right.name)
        except nx.NetworkXNoPath:
            names = []
        if len(names) > 2:
            steps = "; ".join(f"{one} with {other}" for one, other in pairwise(names))
            return [f"They were not compared themselves, and met through: {steps}."]
    return ["No model scored the two themselves: they met by exact keys or others."]


def _scored(
    settings: Settings,
    company: Company,
    left: Named,
    right: Named,
    pair: dict[str, Any],
) -> list[str]:
    if not pair.get("match_model"):
        if left.name == right.name:
            return ["One record is no pair: name two, or two customers."]
        if pair:
            return ["No model scored the pair."]
        return [
            "Nothing is kept of the pair: no rule brought the two together to be "
            "compared, or the model found them far from alike."
        ]
    model = find_model(
        settings, company, pair["match_model"], left.party_kind or "person"
    )
    words = [
        f"Model {pair['match_model']} gives {pair['match_probability']:.6f} that they "
        f"are one ({pair['match_weight']:+.1f} bits of evidence)."
    ]
    if model is None:
        return [*words, f"Compared: {pair['agreement_levels']}."]
    is_within = left.source_name == right.source_name
    least = model.link_within_from if is_within else model.link_from
    words.append(
        f"It links from {least:.6f} on, and asks a person from "
        f"{model.review_from:.6f} on."
    )
    told = describe(model, str(pair["agreement_levels"]))
    words += (f"  - {word}" for word in told)
    is_past = pair["match_probability"] >= least and not pair["reason_code"]
    if is_past and left.customer_id != right.customer_id:
        words.append(PAST)
    return words


def _held(pair: dict[str, Any]) -> list[str]:
    if not pair.get("reason_code"):
        return []
    rule = RULES[str(pair["held_rule"])]
    return [
        f"A link because {rule} is held back ({pair['reason_code']}).",
        REASONS[str(pair["reason_code"])],
    ]
