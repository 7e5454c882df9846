"""The house rules for the input layer: what counts all of it leaves no part out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from house import listed

from warehouse.company import OWN_INPUTS

Manifest = dict[str, Any]
NAMED = re.compile(r"\bdictionary `(\w+)`")


@pytest.fixture
def manifest(manifest_of: Callable[[str], Manifest]) -> Manifest:
    """The dbt manifest of the demo: the input layer is every company's."""
    return manifest_of("demo")


def inputs(manifest: Manifest) -> dict[str, dict[str, Any]]:
    """Return the columns of each input entity."""
    return {
        node["name"].removeprefix("input_"): node["columns"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["name"].startswith("input_")
    }


def read_by(manifest: Manifest, model: str) -> set[str]:
    """Return the input entities that a model reads."""
    parents = manifest["nodes"][f"model.clientele.{model}"]["depends_on"]["nodes"]
    names = (parent.rsplit(".", 1)[-1] for parent in parents)
    return {name.removeprefix("input_") for name in names if name.startswith("input_")}


def dictionary_of(column: dict[str, Any]) -> str | None:
    """Return the dictionary whose codes a column says that it holds."""
    named: str | None = column["config"]["meta"].get("dictionary")
    return named


def test_a_column_that_names_a_dictionary_is_marked_with_it(manifest: Manifest) -> None:
    """What is told to people in words is told to the house in `meta`."""
    astray = [
        f"{entity}.{name}"
        for entity, columns in inputs(manifest).items()
        for name, column in columns.items()
        if (found := NAMED.search(column["description"]))
        and found.group(1) != dictionary_of(column)
    ]
    assert not astray, listed(astray)


def test_a_marked_dictionary_is_one_of_the_house(manifest: Manifest) -> None:
    """Codes of a dictionary that is not published would have no labels."""
    codes = manifest["nodes"]["model.clientele.dim_dictionary_code"]
    published = {parent.rsplit(".", 1)[-1] for parent in codes["depends_on"]["nodes"]}
    marked = {
        dictionary
        for columns in inputs(manifest).values()
        for column in columns.values()
        if (dictionary := dictionary_of(column))
    }
    assert not marked - published, listed(marked - published)


def test_unknown_codes_are_sought_in_every_entity_that_has_codes(
    manifest: Manifest,
) -> None:
    """An entity that is not counted would hide what no dictionary knows."""
    coded = {
        entity
        for entity, columns in inputs(manifest).items()
        if any(dictionary_of(column) for column in columns.values())
    }
    assert coded == read_by(manifest, "int_source__codes")


def test_every_delivered_entity_can_tell_what_day_it_is(manifest: Manifest) -> None:
    """The business date is the latest of all; what people decide has no such date."""
    delivered = set(inputs(manifest)) - set(OWN_INPUTS)
    assert delivered == read_by(manifest, "int_source__business_date")


AS_THEY_ARE = {
    "country_code": "a place, as city and region are",
    "investing_country_code": "a place, as city and region are",
    "currency_code": "of an amount, no person writes it",
    "contact_type_code": "staging writes it",
    "touch_type_code": "staging writes it",
    "organisation_code": "long, and held back of persons",
    "agent_code": "a number of an employee",
    "coupon_code": "a number that the company gave out",
    "experiment_code": "a name that the company gave",
    "variant_code": "a name that the company gave",
    "session_code": "a number of a machine, that may be long",
    "visitor_code": "personal, in the restricted file alone",
    "list_code": "a name that the company gave",
    "survey_code": "a name that the company gave",
    "question_code": "a name that the company gave",
    "metric_code": "a name that the company gave",
}
"""Codes about customers that go on as they came, whatever they look like, and why."""


def test_what_is_told_of_customers_as_a_code_is_masked_where_it_is_none(
    manifest: Manifest,
) -> None:
    """By its dictionary or as `is_code`; else a customer's text would be published."""
    unmasked = {
        name
        for columns in inputs(manifest).values()
        if {"party_record_id", "source_record_id"} & set(columns)
        for name, column in columns.items()
        if name.endswith(("_code", "_codes"))
        and not dictionary_of(column)
        and not column["config"]["meta"].get("is_code")
    }
    assert unmasked == set(AS_THEY_ARE), listed(unmasked ^ set(AS_THEY_ARE))
