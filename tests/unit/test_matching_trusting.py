"""A delivered model is SQL from outside: only what is as the shipped one runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from identity_world import make_world
from oracle.edges import World
from oracle.rows import ModelRow
from test_identity_footing import ROWS
from test_matching_blocking import POPULATION

from warehouse.database import session
from warehouse.identity import identify
from warehouse.identity.matching import shipped, train
from warehouse.identity.matching.trusting import trusted

KINDS = ("person", "organisation")
Written = dict[str, Any]


def written(kind: str) -> Written:
    """Return the shipped model as a company would deliver it."""
    found: Written = json.loads(shipped(kind).to_json())
    return found | {"model_key": f"{kind}-2"}


def is_trusted(model: Written, kind: str) -> bool:
    """Return whether the model may come into use."""
    text = json.dumps(model)
    return trusted(text, model_key=f"{kind}-2", party_kind=kind) is not None


def level(model: Written) -> Written:
    """Return one level of it."""
    found: Written = model["settings"]["comparisons"][0]["comparison_levels"][1]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_other_figures_are_trusted(kind: str) -> None:
    """What training finds: shares, a prior, thresholds, frequencies."""
    model = written(kind) | {
        "link_from": 0.95,
        "frequencies": {"name_key": {"common": {"li": 0.1}, "rare": 0.001}},
    }
    model["settings"]["probability_two_random_records_match"] = 0.5
    level(model).update(
        m_probability=0.5,
        tf_adjustment_column="name_key",
        tf_adjustment_weight=1.0,
        tf_minimum_u_value=0.1,
        disable_tf_exact_match_detection=True,
    )
    assert is_trusted(model, kind)


def _set(*path: str | int, value: object) -> Callable[[Written], None]:
    def change(model: Written) -> None:
        part: Any = model
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = value

    return change


EVIL = "1 = 1; copy (select 42) to 'stolen.csv'"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "change",
    [
        _set("model_key", value="person-9"),
        _set("party_kind", value="household"),
        _set("keep_from", value=EVIL),
        _set("blocking", value=[[EVIL]]),
        _set("frequencies", value={"name_key": {"common": {}, "rare": EVIL}}),
        _set("frequencies", value={EVIL: {"common": {}, "rare": 0.1}}),
        _set("settings", "unique_id_column_name", value=EVIL),
        _set("settings", "probability_two_random_records_match", value=EVIL),
        lambda model: level(model).update(sql_condition=EVIL),
        lambda model: level(model).update(tf_adjustment_column=EVIL),
        lambda model: level(model).update(m_probability=EVIL),
        lambda model: model["settings"]["comparisons"].pop(),
        lambda model: model.clear(),
    ],
)
def test_other_words_are_not(kind: str, change: Callable[[Written], None]) -> None:
    """Whatever of it would be read as SQL, and what is no model at all."""
    model = written(kind)
    assert is_trusted(model, kind)
    change(model)
    assert not is_trusted(model, kind)


def test_what_is_trained_here_is_trusted() -> None:
    """Else no company could have a model of its own."""
    with duckdb.connect() as connection:
        connection.execute(POPULATION)
        model = train(connection, "person", "profile", model_key="person-2")
    assert model.frequencies
    assert trusted(model.to_json(), model_key="person-2", party_kind="person")


@pytest.mark.parametrize("key", ["person-1", "person-2"])
@pytest.mark.parametrize("content", ["no model", None])
def test_a_model_that_is_not_trusted_stops_no_night(
    tmp_path: Path, key: str, content: str | None
) -> None:
    """Nor one that takes the name of another; the one in use stays."""
    world = make_world(tmp_path)
    world.deliver(World(ROWS, models=[ModelRow(2, "first")]))
    model = written("person") | {"model_key": "person-1", "link_from": 0.95}
    with session(
        world.settings, write=world.settings.places.work, alias="work"
    ) as connection:
        connection.execute(
            "update input.input_match_model set model_key = ?, content = ?",
            [key, content or json.dumps(model)],
        )
    identify(world.settings, world.company)
    used = world.ask("select model_key from archive.identity.model_in_use order by all")
    assert used == [("organisation-1",), ("person-1",)]
