"""The pairs that a model learns from: strangers, one customer, people of one home."""

from collections.abc import Iterable
from string import Template

import duckdb

from warehouse.database import identifier, literal
from warehouse.identity.matching.artefact import Artefact
from warehouse.identity.matching.levels import Design
from warehouse.identity.matching.scoring import prepare, vectors_sql

SAMPLED = 3_000
"""States of the sample: four and a half million pairs."""
MATES_AT_MOST = 10
"""An address that more records hold is no home."""

LATEST = Template(
    """
create or replace temp table matching_latest as
select *, md5(cast(record as varchar)) as drawn
from $profiles
where party_kind = $party_kind
qualify row_number() over (partition by record order by since desc, state desc) = 1
"""
)
SAMPLE = Template(
    """
create or replace temp table matching_sample as
with ranked as (
    select state, drawn, $ranks
    from matching_latest
)

select state
from ranked
where $firsts
order by drawn, state
limit $sampled
"""
)
STRANGERS = """
create or replace temp table matching_strangers as
select one.state as left_state, other.state as right_state, 1 as labels
from matching_sample as one
inner join matching_sample as other on one.state < other.state
"""
LABELLED = Template(
    """
create or replace temp table matching_labelled as
with found as (
$found
)

select left_state, right_state, bit_or(label) as labels
from found
group by left_state, right_state
"""
)
LABEL = Template(
    """
select one.state as left_state, other.state as right_state, 1 << $position as label
from matching_latest as one
inner join matching_latest as other on $same
where one.state < other.state
"""
)
MATES = Template(
    """
create or replace temp table matching_mates as
with homes as (
    select address_key from matching_latest
    where address_key is not null
    group by address_key
    having count(*) between 2 and $at_most
),

housed as (select * from matching_latest semi join homes using (address_key))

select one.state as left_state, other.state as right_state, 1 as labels
from housed as one
inner join housed as other using (address_key)
anti join matching_labelled as labelled
    on labelled.left_state = one.state and labelled.right_state = other.state
where one.state < other.state
"""
)
PATTERNS = Template(
    """
$vectors

select pair.labels, $gammas, count(*) as pairs
from __splink__df_comparison_vectors
inner join $pairs as pair
    on state_l = pair.left_state and state_r = pair.right_state
group by all
order by all
"""
)

Pattern = tuple[int, tuple[int, ...], float]
"""The strong keys as bits, the level of each comparison (-1 absent), the pairs."""


def make_pairs(
    connection: duckdb.DuckDBPyConnection, design: Design, *, profiles: str
) -> int:
    """Make the temp tables of strangers, labelled pairs and mates of one home.

    Args:
        connection: The session.
        design: What is decided about the model.
        profiles: The table of states.

    Returns:
        How many records there are.
    """
    connection.execute(
        LATEST.substitute(
            profiles=identifier(profiles), party_kind=literal(design.party_kind)
        )
    )
    once = dict.fromkeys([*(label.columns for label in design.labels), *design.once])
    ranks = [
        f"row_number() over (partition by {_listed(columns)} order by drawn, state)"
        f" as rank_{place}, {_stated(columns)} as is_stated_{place}"
        for place, columns in enumerate(once)
    ]
    firsts = [f"(rank_{p} = 1 or not is_stated_{p})" for p in range(len(once))]
    connection.execute(
        SAMPLE.substitute(
            ranks=", ".join(ranks), firsts=" and ".join(firsts), sampled=SAMPLED
        )
    )
    connection.execute(STRANGERS)
    found = [
        LABEL.substitute(position=place, same=_same(label.columns))
        for place, label in enumerate(design.labels)
    ]
    connection.execute(LABELLED.substitute(found="union all".join(found)))
    connection.execute(MATES.substitute(at_most=MATES_AT_MOST))
    count: int = connection.table("matching_latest").count("*").fetchall()[0][0]
    return count


def patterns(
    connection: duckdb.DuckDBPyConnection, artefact: Artefact, *, pairs: str
) -> list[Pattern]:
    """Return how often each combination of levels occurs among pairs.

    Args:
        connection: The session.
        artefact: A model of which only the conditions are used.
        pairs: The table of pairs, with `labels`.
    """
    prepare(connection, artefact, pairs=pairs, everyone="matching_latest")
    rows = connection.execute(
        PATTERNS.substitute(
            vectors=vectors_sql(artefact, pairs=pairs),
            gammas=", ".join(f"gamma_{name}" for name in artefact.comparisons),
            pairs=identifier(pairs),
        )
    ).fetchall()
    return [(row[0], tuple(row[1:-1]), row[-1]) for row in rows]


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(identifier, columns))


def _stated(columns: Iterable[str]) -> str:
    return " and ".join(f"{identifier(column)} is not null" for column in columns)


def _same(columns: Iterable[str]) -> str:
    return " and ".join(
        f"one.{identifier(column)} = other.{identifier(column)}" for column in columns
    )
