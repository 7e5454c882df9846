"""Our side of the benchmark of identity: the whole of `identify`, nothing else.

Run as a process of its own on a home whose archive and input are made:
`our_identity.py identify HOME [MODEL ...]` identifies what waits, with the models that
are named or the shipped ones; `profile HOME FOLDER` writes what is compared, in a home
that is a copy; `afresh HOME FOLDER` writes it of a copy in which all was identified
already; `train FOLDER KIND MODEL` learns a model from that. Each prints its seconds and
its peak memory.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from string import Template

import duckdb
from memory import peak_mb

from warehouse.company import Company, read_company
from warehouse.database import identifier, literal, session
from warehouse.identity import identify
from warehouse.identity.matching import Artefact, train
from warehouse.identity.similarity import Model, ShippedMatcher
from warehouse.ledger import prepare_archive
from warehouse.settings import Settings

PLAIN_COMPANY = "plain"
"""The company of a home that was made from a file."""

COPY = Template("copy (select $columns from $table) to $target (format parquet)")


class Trained(ShippedMatcher):
    """The matcher of the house, with models learnt from the data at hand."""

    def __init__(self, models: list[Artefact]) -> None:
        """Keep the models, one per kind of party at most."""
        self.models = {model.party_kind: model for model in models}

    def shipped(self, party_kind: str) -> Model:
        """Return the model to begin with."""
        return self.models.get(party_kind) or super().shipped(party_kind)


class Writer(ShippedMatcher):
    """Writes what would be compared, and finds nobody alike."""

    def __init__(self, folder: Path) -> None:
        """Keep where to write."""
        self.folder = folder

    def score(
        self,
        connection: duckdb.DuckDBPyConnection,
        model: Model,
        *,
        new: str,
        everyone: str,
    ) -> None:
        """Write profiles instead of scoring them."""
        profiles = self.folder / f"profile_{model.party_kind}.parquet"
        _copy(connection, everyone, "*", profiles)
        names = "record, source_name, source_record_id"
        _copy(connection, "record", names, self.folder / "record.parquet")
        connection.execute(
            "create or replace temp table scored (left_state bigint,"
            " right_state bigint, match_weight decimal(9, 4),"
            " match_probability decimal(9, 6), levels varchar)"
        )


def _copy(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, target: Path
) -> None:
    connection.execute(
        COPY.substitute(
            columns=columns, table=identifier(table), target=literal(str(target))
        )
    )


def company_of(settings: Settings) -> Company:
    """Return the company of a home; a plain one where it was made from a file."""
    if settings.company != PLAIN_COMPANY:
        return read_company(settings)
    return Company(
        name="Plain",
        time_zone="UTC",
        currency="EUR",
        country="CN",
        is_sample=True,
        inputs={"party": ["stg_file__parties"]},
        folder=settings.home,
        sources=[],
    )


def settings_of(home: Path) -> Settings:
    """Return the settings of a home, by the company that lives there."""
    is_plain = (home / PLAIN_COMPANY).is_dir()
    return Settings(company=PLAIN_COMPANY if is_plain else "demo", home=home)


def run_identify(home: str, *models: str) -> None:
    """Identify what waits."""
    read = [
        Artefact.from_json(Path(each).read_text(encoding="utf-8")) for each in models
    ]
    settings = settings_of(Path(home))
    identify(settings, company_of(settings), Trained(read))


def write_profiles(home: str, folder: str) -> None:
    """Write what identification compares, of every kind of party.

    The archive that it is done in is a copy, thrown away after.
    """
    settings = settings_of(Path(home))
    identify(settings, company_of(settings), Writer(Path(folder)))


def write_profiles_afresh(home: str, folder: str) -> None:
    """Write what is compared when nothing was identified before.

    The home is a copy, thrown away after: what it holds of identity is dropped.
    """
    settings = settings_of(Path(home))
    with session(settings, write=settings.places.archive, alias="archive") as opened:
        opened.execute("drop schema identity cascade")
        prepare_archive(opened, company_of(settings))
    write_profiles(home, folder)


def train_model(folder: str, party_kind: str, model: str) -> None:
    """Learn a model from profiles, as a company would on request."""
    with duckdb.connect() as connection:
        profiles = Path(folder) / f"profile_{party_kind}.parquet"
        connection.read_parquet(str(profiles)).create("profile")
        learnt = train(connection, party_kind, "profile", model_key=Path(model).stem)
    Path(model).write_text(learnt.to_json(), encoding="utf-8")


TASKS: dict[str, Callable[..., None]] = {
    "identify": run_identify,
    "profile": write_profiles,
    "afresh": write_profiles_afresh,
    "train": train_model,
}


def main(task: str, *arguments: str) -> None:
    """Do one task and print the seconds that it took."""
    started = time.perf_counter()
    TASKS[task](*arguments)
    seconds = round(time.perf_counter() - started, 3)
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
