"""Training: what the levels weigh, learnt from the states of a company.

The model is that of Fellegi and Sunter (1969). The share u of a level among different
customers is taken from all pairs of a sample in which no strong key occurs twice, so
that hardly a pair of it is one customer. The share m among pairs of one customer is
taken from pairs that share a strong key, for each comparison from keys that it does not
look at. Levels that people of one home reach too are weighed against pairs of one
address whose names differ. The prior is the mean probability of all pairs under the
model, found by turns. Nothing is drawn by chance: the sample is ordered by a hash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import Template
from typing import Any

import duckdb

from warehouse.database import identifier
from warehouse.errors import ClienteleError, WrongUseError
from warehouse.identity.matching.artefact import (
    LEAST_HOLDERS,
    Artefact,
    Frequencies,
    Training,
)
from warehouse.identity.matching.drift import level_shares
from warehouse.identity.matching.levels import Design
from warehouse.identity.matching.organisation import ORGANISATION
from warehouse.identity.matching.person import PERSON
from warehouse.identity.matching.scoring import clear, score
from warehouse.identity.matching.training_pairs import Pattern, make_pairs, patterns
from warehouse.identity.matching.weighing import Shares, learnt_by_turns, rounded

DESIGNS = {design.party_kind: design for design in (PERSON, ORGANISATION)}

LEAST_RECORDS = 200
TURNS = 3
"""Turns of the prior; the third moves it by less than a hundredth."""

FREQUENT = Template(
    """
select $column as value, count(*) as holders
from matching_latest
where $column is not null
group by $column
order by value
"""
)


def train(
    connection: duckdb.DuckDBPyConnection,
    party_kind: str,
    profiles: str,
    *,
    model_key: str,
    with_frequencies: bool = True,
) -> Artefact:
    """Learn a model from the states of a company. It overwrites temp table `scored`.

    Args:
        connection: The session that holds the states.
        party_kind: `person` or `organisation`.
        profiles: The table of states with their compared columns.
        model_key: What the model is to be called.
        with_frequencies: Whether common names are to count less than rare ones.

    Raises:
        WrongUseError: There is no model of that kind of party.
        ClienteleError: There are too few records to learn from.
    """
    if party_kind not in DESIGNS:
        raise WrongUseError(
            "There is no model for this kind of party",
            where="training",
            mend=f"Use one of {', '.join(sorted(DESIGNS))}.",
        )
    design = DESIGNS[party_kind]
    assumed = _artefact(design, model_key, _assumed(design))
    records = make_pairs(connection, design, profiles=profiles)
    if records < LEAST_RECORDS:
        raise ClienteleError(
            f"{records} records are too few to train a model on",
            where=f"training of {model_key}",
            mend=f"Keep the shipped model until there are {LEAST_RECORDS}.",
        )
    strangers, labelled, mates = (
        patterns(connection, assumed, pairs=f"matching_{kind}")
        for kind in ("strangers", "labelled", "mates")
    )
    shares = learnt_by_turns(
        design, (strangers, labelled, mates), records, with_frequencies=with_frequencies
    )
    frequencies = _frequencies(connection, design) if with_frequencies else {}
    trained = _artefact(design, model_key, shares, frequencies)
    finished = _with_prior(connection, design, trained, labelled, profiles)
    clear(connection, ("latest", "sample", "strangers", "labelled", "mates"))
    return finished


def _assumed(design: Design) -> list[Shares]:
    return [
        {
            len(one.levels) - 1 - place: (level.assumed_m, 1 / len(one.levels))
            for place, level in enumerate(one.levels)
        }
        for one in design.comparisons
    ]


def _artefact(
    design: Design,
    model_key: str,
    shares: Sequence[Shares],
    frequencies: Mapping[str, Frequencies] | None = None,
) -> Artefact:
    known = frequencies or {}
    settings: dict[str, Any] = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "state",
        "probability_two_random_records_match": 1e-5,
        "retain_matching_columns": False,
        "comparisons": [
            one.settings(trained, frequent=tuple(known))
            for one, trained in zip(design.comparisons, shares, strict=True)
        ],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": " and ".join(f"l.{c} = r.{c}" for c in rule)}
            for rule in design.blocking
        ],
    }
    return Artefact(
        model_key=model_key,
        party_kind=design.party_kind,
        settings=settings,
        blocking=design.blocking,
        link_from=design.link_from,
        link_within_from=design.link_within_from,
        review_from=design.review_from,
        keep_from=design.keep_from,
        training=Training(0, 0, {}, {}),
        frequencies=known,
    )


def _frequencies(
    connection: duckdb.DuckDBPyConnection, design: Design
) -> dict[str, Frequencies]:
    columns = {lv.frequency_of for one in design.comparisons for lv in one.levels}
    known = {}
    for column in sorted(columns - {""}):
        held = connection.execute(
            FREQUENT.substitute(column=identifier(column))
        ).fetchall()
        total = sum(holders for _, holders in held)
        rare = [holders for _, holders in held if holders < LEAST_HOLDERS]
        mean = sum(rare) / max(len(rare), 1)
        known[column] = Frequencies(
            {
                value: rounded(holders / total)
                for value, holders in held
                if holders >= LEAST_HOLDERS
            },
            rounded(max(mean, 1) / max(total, 1)),
        )
    return known


def _with_prior(
    connection: duckdb.DuckDBPyConnection,
    design: Design,
    trained: Artefact,
    labelled: Sequence[Pattern],
    profiles: str,
) -> Artefact:
    """Find the prior by turns, and keep what the model saw for the measure of drift."""
    records = connection.table("matching_latest").count("*").fetchall()[0][0]
    possible = records * (records - 1) / 2
    expected = float(sum(pairs for _, _, pairs in labelled))
    counted = []
    for _ in range(TURNS):
        prior = rounded(max(expected, 1.0) / possible)
        trained = replace(
            trained,
            settings=dict(trained.settings)
            | {"probability_two_random_records_match": prior},
        )
        counted = score(connection, trained, new=profiles, everyone=profiles)
        expected = float(
            connection.execute("select sum(match_probability) from scored").fetchall()[
                0
            ][0]
            or 0
        )
    labels = {
        " and ".join(label.columns): round(
            sum(pairs for bits, _, pairs in labelled if bits >> place & 1)
        )
        for place, label in enumerate(design.labels)
    }
    seen = Training(
        state_count=connection.table(profiles).count("*").fetchall()[0][0],
        pair_count=sum(one.pairs for one in counted),
        label_counts=labels,
        level_shares=level_shares(connection, trained.comparisons, scored="scored"),
    )
    return replace(trained, training=seen)
