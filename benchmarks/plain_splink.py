"""Plain Splink on the profiles that the house compares, for the benchmark of identity.

What its handbook shows: stock comparisons of the same columns, the same blocking rules,
u by random sampling, m by expectation maximisation, its own clustering. Run as a
process of its own, `plain_splink.py FOLDER`: reads the profiles of the folder, and
writes the clusters of each threshold that it tried, and `plain.json` with what each
step took and the peak of memory. Which threshold is the best is for the truth to say,
so finding it costs Splink nothing.
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from string import Template
from typing import Any

import duckdb
import splink.comparison_library as cl
from memory import peak_mb
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.clustering import cluster_pairwise_predictions_at_threshold

from warehouse.database import identifier, literal
from warehouse.identity.matching import shipped

WEIGHTS = (-2, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 23, 26, 30)
"""Thresholds that are tried, in bits."""
SAMPLED_PAIRS = 1e7
LEAST_FILLED = 0.01
"""A column that hardly any record fills trains nothing, and is left out."""
RECALL = 0.7
"""What the strong rules are taken to find, as in Splink's own examples."""

STOCK: dict[str, Callable[[str], Any]] = {
    "name_latin": lambda column: cl.NameComparison(column).configure(
        term_frequency_adjustments=True
    ),
    "birth_date": lambda column: cl.DateOfBirthComparison(
        column, input_is_string=False
    ),
    "sex_code": cl.ExactMatch,
    "email_standard": cl.EmailComparison,
    "mobile_standard": lambda column: cl.LevenshteinAtThresholds(column, [1, 2]),
    "phone_standard": lambda column: cl.LevenshteinAtThresholds(column, [1, 2]),
    "address_key": lambda column: cl.JaroWinklerAtThresholds(column, [0.92, 0.8]),
    "postcode_standard": cl.ExactMatch,
    "city": lambda column: cl.ExactMatch(column).configure(
        term_frequency_adjustments=True
    ),
    "national_id_standard": cl.ExactMatch,
    "organisation_code_standard": cl.ExactMatch,
    "tax_id": cl.ExactMatch,
    "member_number": cl.ExactMatch,
    "website": cl.ExactMatch,
    "legal_representative": lambda column: cl.JaroWinklerAtThresholds(column, [0.92]),
}
STRONG = (
    ("national_id_standard",),
    ("organisation_code_standard",),
    ("member_number",),
    ("email_standard", "name_latin"),
    ("name_latin", "birth_date", "postcode_standard"),
)
TRAINING = (
    ("name_latin",),
    ("email_standard",),
    ("mobile_standard",),
    ("address_key",),
    ("member_number",),
    ("birth_date", "postcode_standard"),
)
"""What pairs must share to be trained on; what a rule holds equal is not trained."""

EDGES = Template(
    """
create table edges as
select
    least(l.record, r.record) as record_l,
    greatest(l.record, r.record) as record_r,
    max(match_weight) as match_weight,
    max(match_probability) as match_probability
from $predicted as predicted
inner join profile as l on predicted.state_l = l.state
inner join profile as r on predicted.state_r = r.state
group by all
"""
)


class Steps:
    """What each step took, in seconds."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.seconds: dict[str, float] = {}

    def take(self, name: str, started: float) -> None:
        """Add what has gone by since a moment to a step."""
        spent = time.perf_counter() - started
        self.seconds[name] = round(self.seconds.get(name, 0.0) + spent, 3)


def filled(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Name the compared columns that enough states fill and that tell them apart."""
    shares = ", ".join(
        f"count({name}) / count(*) as {name}" for name in map(identifier, STOCK)
    )
    found = connection.sql("select * from profile").aggregate(shares).fetchall()[0]
    return [
        name for name, share in zip(STOCK, found, strict=True) if share >= LEAST_FILLED
    ]


def rule(columns: Sequence[str]) -> str:
    """Return a blocking rule: all columns equal, in two records."""
    same = [f"l.{identifier(column)} = r.{identifier(column)}" for column in columns]
    return " and ".join([*same, "l.record <> r.record"])


def usable(
    rules: Sequence[Sequence[str]], columns: Sequence[str]
) -> Iterator[Sequence[str]]:
    """Yield the rules whose columns are all filled."""
    for each in rules:
        if set(each) <= set(columns):
            yield each


def trained(
    api: DuckDBAPI, connection: duckdb.DuckDBPyConnection, party_kind: str
) -> Linker:
    """Train Splink's model by its own means."""
    columns = filled(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="state",
        comparisons=[STOCK[column](column) for column in columns],
        blocking_rules_to_generate_predictions=[
            rule(each) for each in usable(shipped(party_kind).blocking, columns)
        ],
        additional_columns_to_retain=["record"],
    )
    linker = Linker(api.register("profile"), settings)
    strong = [rule(each) for each in usable(STRONG, columns)]
    training = linker.training
    if strong:
        training.estimate_probability_two_random_records_match(strong, recall=RECALL)
    training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=1)
    for each in usable(TRAINING, columns):
        training.estimate_parameters_using_expectation_maximisation(
            rule(each), max_pairs=SAMPLED_PAIRS
        )
    return linker


def link(folder: Path, party_kind: str, steps: Steps) -> None:
    """Train, predict and cluster one kind of party; write the clusters found."""
    profiles = folder / f"profile_{party_kind}.parquet"
    with duckdb.connect(str(folder / f"plain_{party_kind}.duckdb")) as connection:
        connection.read_parquet(str(profiles)).create("profile")
        api = DuckDBAPI(connection=connection)
        started = time.perf_counter()
        linker = trained(api, connection, party_kind)
        steps.take("train", started)
        started = time.perf_counter()
        predicted = linker.inference.predict(threshold_match_weight=min(WEIGHTS))
        connection.execute(
            EDGES.substitute(predicted=identifier(predicted.physical_name))
        )
        steps.take("predict", started)
        connection.execute("create table nodes as select distinct record from profile")
        for weight in WEIGHTS:
            started = time.perf_counter()
            clusters = cluster_pairwise_predictions_at_threshold(
                api.register("nodes"),
                api.register("edges"),
                api,
                node_id_column_name="record",
                threshold_match_weight=weight,
            )
            steps.take(f"cluster {weight}", started)
            target = folder / f"plain_{party_kind}_{weight}.parquet"
            connection.execute(
                Template(
                    "copy (select record, cluster_id as cluster from $clusters)"
                    " to $target (format parquet)"
                ).substitute(
                    clusters=identifier(clusters.physical_name),
                    target=literal(str(target)),
                )
            )


def main(folder: Path) -> None:
    """Link every kind of party that the folder has profiles of."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    steps = Steps()
    for profiles in sorted(folder.glob("profile_*.parquet")):
        link(folder, profiles.stem.removeprefix("profile_"), steps)
    told = steps.seconds | {"peak_mb": peak_mb()}
    (folder / "plain.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
