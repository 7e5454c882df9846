"""Makes the models that ship with the product anew, from the profiles of a company.

    python -m warehouse.identity.matching.shipping PROFILES.parquet

`benchmarks/shipped_models.py make` makes the profiles that the models which ship are
learnt from, and calls this. Names are all taken to be equally common: the demo's are
drawn from a short list, and how common its names are would mislead about those of real
people. What else the demo cannot know (how often mailboxes change, say) is held by the
floors of the levels.
"""

import logging
import sys
from pathlib import Path

import duckdb

from warehouse.identity.matching.artefact import SHIPPED
from warehouse.identity.matching.training import train

FOLDER = Path(__file__).parent / "artefacts"


def make_shipped(profiles: Path, folder: Path) -> None:
    """Train the shipped models and write them.

    Args:
        profiles: A Parquet file of states with their compared columns.
        folder: Where the models go.
    """
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.read_parquet(str(profiles)).create("profile")
        for party_kind, model_key in SHIPPED.items():
            model = train(
                connection,
                party_kind,
                "profile",
                model_key=model_key,
                with_frequencies=False,
            )
            target = folder / f"{model_key}.json"
            target.write_text(model.to_json(), encoding="utf-8")


if __name__ == "__main__":
    logging.getLogger("splink").setLevel(logging.ERROR)
    make_shipped(Path(sys.argv[1]), FOLDER)
