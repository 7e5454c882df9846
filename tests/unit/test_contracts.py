"""A contract that is not as it must be stops a command before anything is read."""

from pathlib import Path

import pytest
from house import House
from receiving_world import table

from warehouse.company import read_company
from warehouse.errors import ContractError, WrongUseError
from warehouse.settings import Settings

SOURCES = "sources/desk/_desk__sources.yml"
WRONG = {
    "a field that nobody knows": (SOURCES, "format: csv", "form: csv"),
    "a format that has no reader": (SOURCES, "format: csv", "format: fixed_width"),
    "a class of personal data that nobody knows": (SOURCES, "pii: name", "pii: nam"),
    "a type that is none": (SOURCES, "data_type: integer", "data_type: number"),
    "a key that is no column": (SOURCES, "keys: [member]", "keys: [number]"),
    "a clock that is no column": (SOURCES, "clock: sold_at", "clock: sold"),
    "a list without its terms": (SOURCES, "kind: internal", "kind: external"),
    "a test of a table": (
        SOURCES,
        "columns:",
        "data_tests: [unique]\n        columns:",
    ),
    "a test of a column": (
        SOURCES,
        "description: Number of the member.",
        "description: Number of the member.\n            tests: [not_null]",
    ),
    "no YAML": (SOURCES, "sources:", "sources: ["),
    "an entity that is none": ("company.yml", "party:", "persons:"),
    "a zone that is none": ("company.yml", "time_zone: ", "time_zone: Mars/"),
    "a setting that nobody knows": ("company.yml", "name:", "motto: none\nname:"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_refused(tiny_company: House, wrong: str) -> None:
    """The message names the file and what to do."""
    name, right, instead = WRONG[wrong]
    folder = tiny_company.settings.companies / "tiny"
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, instead, 1), encoding="utf-8")
    with pytest.raises(ContractError) as refused:
        read_company(tiny_company.settings)
    assert refused.value.where == str(file)
    assert refused.value.mend


def test_a_company_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    """Who mistypes a name sees the right one."""
    with pytest.raises(WrongUseError, match="adventureworks, completejourney, demo"):
        read_company(Settings(company="demmo", home=tmp_path))


def test_formats_that_read_one_text_as_two_moments_are_refused() -> None:
    """3 April is never 4 March by luck."""
    born = {"name": "born", "data_type": "date", "formats": ["%d/%m/%Y", "%m/%d/%Y"]}
    with pytest.raises(ValueError, match="as different moments"):
        table(columns=[born])
    assert table(columns=[born | {"formats": ["%m/%d/%Y", "%Y-%m-%d"]}])


def test_a_database_needs_a_relation_and_a_cursor() -> None:
    """Else every night would read the whole of it."""
    with pytest.raises(ValueError, match="relation and cursor"):
        table(format="sqlite", place="shop.sqlite", relation="items")


def test_the_version_is_that_of_the_contract() -> None:
    """The same in every process, another once anything in it has changed."""
    assert table().version == table().version
    assert table().version != table(place="persons*").version
    assert table().version != table(columns=[{"name": "id"}]).version


def test_what_a_contract_may_state_newly_changes_no_version_until_it_is_stated() -> (
    None
):
    """Else an upgrade would try every refused file again, as if it were another."""
    assert table().version == "7d7eb38ac937"
    quantity = {"name": "quantity", "data_type": "integer"}
    others = [
        {"name": "is_return", "data_type": "boolean"},
        {"name": "sold", "data_type": "integer"},
    ]
    stated = ({}, {"negative_only_when": "is_return"}, {"not_larger_than": "sold"})
    versions = {table(columns=[quantity | each, *others]).version for each in stated}
    assert len(versions) == 3


BESIDE = {
    "negative_only_when names the column gone, which": {"negative_only_when": "gone"},
    "names a boolean column, and sold is a bigint": {"negative_only_when": "sold"},
    "not_larger_than names the column gone, which": {"not_larger_than": "gone"},
    "names a number, and is_return is a boolean": {"not_larger_than": "is_return"},
    "names another column, and not its own": {"not_larger_than": "x"},
    "decimal\\(38, 30\\) and bigint together need more than 38 digits": {
        "data_type": "decimal(38, 30)",
        "not_larger_than": "sold",
    },
    "negative_only_when stands at a number, and this is a varchar": {
        "data_type": "varchar",
        "negative_only_when": "is_return",
    },
    "not_larger_than stands at a number, and this is a date": {
        "data_type": "date",
        "not_larger_than": "sold",
    },
}


@pytest.mark.parametrize("message", BESIDE)
def test_a_value_is_held_against_a_column_that_fits(message: str) -> None:
    """The message names table, column and option."""
    others = [
        {"name": "is_return", "data_type": "boolean"},
        {"name": "sold", "data_type": "bigint"},
    ]
    column = {"name": "x", "data_type": "integer"} | BESIDE[message]
    with pytest.raises(ValueError, match=f"table people, column x: .*{message}"):
        table(columns=[column, *others])
