"""Plain Splink with our own model: the floor under `identify`.

Splink's `predict` with the settings of the shipped models, on the profiles that the
house compares, and its own clustering at the threshold that we link from. Nothing is
learnt, nothing is guarded, no id is minted and no history kept. Run as a process of its
own, `same_model.py FOLDER`: reads the profiles of the folder, and prints what each step
took, without the start of Python, and the peak of memory.
"""

import json
import logging
import sys
import time
from pathlib import Path

import duckdb
from memory import peak_mb
from plain_splink import EDGES, Steps, rule
from splink import DuckDBAPI, Linker
from splink.clustering import cluster_pairwise_predictions_at_threshold

from warehouse.database import identifier
from warehouse.identity.matching import Artefact, shipped
from warehouse.identity.matching.features import DERIVED


def settings_of(artefact: Artefact) -> dict[str, object]:
    """Return the model as Splink is given it: a record is not held against itself."""
    return {
        **artefact.settings,
        "blocking_rules_to_generate_predictions": [
            rule(columns) for columns in artefact.blocking
        ],
        "additional_columns_to_retain": ["record"],
    }


def link(folder: Path, party_kind: str, steps: Steps) -> int:
    """Predict and cluster one kind of party; return the number of clusters."""
    profiles = str(folder / f"profile_{party_kind}.parquet")
    artefact = shipped(party_kind)
    derived = ", ".join(f"{sql} as {name}" for name, sql in DERIVED.items())
    with duckdb.connect(str(folder / f"same_{party_kind}.duckdb")) as connection:
        started = time.perf_counter()
        connection.read_parquet(profiles).project(f"*, {derived}").create("profile")
        api = DuckDBAPI(connection=connection)
        linker = Linker(api.register("profile"), settings_of(artefact))
        predicted = linker.inference.predict(
            threshold_match_probability=artefact.keep_from
        )
        steps.take("predict", started)
        started = time.perf_counter()
        connection.execute(
            EDGES.substitute(predicted=identifier(predicted.physical_name))
        )
        connection.execute("create table nodes as select distinct record from profile")
        clusters = cluster_pairwise_predictions_at_threshold(
            api.register("nodes"),
            api.register("edges"),
            api,
            node_id_column_name="record",
            threshold_match_probability=artefact.link_from,
        )
        connection.execute("checkpoint")
        steps.take("cluster", started)
        found = connection.table(clusters.physical_name)
        return int(found.aggregate("count(distinct cluster_id)").fetchall()[0][0])


def main(folder: Path) -> None:
    """Link every kind of party that the folder has profiles of."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    steps = Steps()
    clusters = 0
    for profiles in sorted(folder.glob("profile_*.parquet")):
        clusters += link(folder, profiles.stem.removeprefix("profile_"), steps)
    told = {"seconds": round(sum(steps.seconds.values()), 3), "peak_mb": peak_mb()}
    print(json.dumps(told | {"steps": steps.seconds, "clusters": clusters}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
