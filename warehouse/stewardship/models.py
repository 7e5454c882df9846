"""Models of who is who that a company trained: found again, and delivered."""

from pathlib import Path

import duckdb

from warehouse.company import Company
from warehouse.contract_files import STEWARD
from warehouse.database import attach, session
from warehouse.identity.matching import Artefact, shipped
from warehouse.identity.matching.trusting import trusted
from warehouse.settings import Settings
from warehouse.stewardship.delivering import place, put

_DELIVERED = """
select sha256
from ledger_copy.ledger.load
where source_name = $source_name and table_name = 'match_models' and status = 'loaded'
order by load_id desc
"""


def delivered_models(settings: Settings, company: Company) -> list[Artefact]:
    """Return the models that were delivered, the latest first, from the kept bytes."""
    copy = settings.places.ledger_copy
    if not copy.is_file() or STEWARD not in {each.name for each in company.sources}:
        return []
    with session(settings) as connection:
        attach(connection, copy, alias="ledger_copy")
        kept = connection.execute(_DELIVERED, {"source_name": STEWARD}).fetchall()
        rows = [
            row
            for (sha256,) in kept
            for row in connection.execute(
                "select content, model_key, party_kind from read_parquet($file)",
                {"file": str(settings.places.deliveries / sha256)},
            ).fetchall()
        ]
    found = (trusted(text, model_key=k, party_kind=kind) for text, k, kind in rows)
    return [model for model in found if model]


def find_model(
    settings: Settings, company: Company, model_key: str, party_kind: str
) -> Artefact | None:
    """Return a model by its key: shipped with the product, or trained and delivered."""
    own = shipped(party_kind)
    if own.model_key == model_key:
        return own
    models = delivered_models(settings, company)
    return next((each for each in models if each.model_key == model_key), None)


def next_key(settings: Settings, company: Company, party_kind: str) -> str:
    """Return a key that no model of this kind has yet, such as `person-2`."""
    taken = {shipped(party_kind).model_key}
    taken |= {each.model_key for each in delivered_models(settings, company)}
    folder = settings.places.landing
    waiting = folder.glob(f"*/_{STEWARD}/match_models-{party_kind}-*.parquet")
    taken |= {file.stem.removeprefix("match_models-") for file in waiting}
    numbers = [
        int(number)
        for key in taken
        if (number := key.removeprefix(f"{party_kind}-")).isdigit()
    ]
    return f"{party_kind}-{max(numbers, default=0) + 1}"


def deliver_model(settings: Settings, model: Artefact) -> Path:
    """Write a model for the next night, and return where it waits.

    Raises:
        WrongUseError: Nothing is published yet.
    """
    text = model.to_json()
    file = place(settings, f"match_models-{model.model_key}.parquet")
    incoming = file.with_suffix(".incoming")
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "create table model as select $key as model_key, $kind as party_kind, "
            "$content as content",
            {"key": model.model_key, "kind": model.party_kind, "content": text},
        )
        connection.table("model").write_parquet(str(incoming))
    put(incoming, file)
    return file
