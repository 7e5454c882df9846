"""The contracts of a company, read from its dbt sources files."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from warehouse.contracts import ColumnContract, SourceContract, TableContract
from warehouse.errors import ContractError
from warehouse.settings import PROJECT_ROOT

STEWARD = "steward"
"""The source that belongs to the product: what people decide about its data."""
STEWARD_FOLDER = PROJECT_ROOT / "models" / STEWARD
"""Where its contract and its staging models are; every company has them."""

_TESTS = frozenset({"data_tests", "tests"})
"""Where dbt has the data tests of a table or a column."""


def _contract_of(node: dict[str, Any]) -> dict[str, Any]:
    meta = node.get("config", {}).get("meta", {})
    stated: dict[str, Any] = meta.get("contract", {})
    return stated


def _read_column(node: dict[str, Any]) -> ColumnContract:
    kept = {
        key: node[key] for key in ("name", "data_type", "description") if key in node
    }
    return ColumnContract(**kept, **_contract_of(node))


def _read_table(node: dict[str, Any]) -> TableContract:
    return TableContract(
        name=node["name"],
        description=node["description"],
        columns=[_read_column(column) for column in node["columns"]],
        **_contract_of(node),
    )


def _read_file(file: Path) -> list[SourceContract]:
    try:
        stated = yaml.safe_load(file.read_text(encoding="utf-8"))
        sources = [
            SourceContract(
                name=node["name"],
                description=node["description"],
                tables=[_read_table(table) for table in node["tables"]],
                **_contract_of(node),
            )
            for node in stated["sources"]
        ]
    except (ValidationError, KeyError, TypeError, yaml.YAMLError) as error:
        raise ContractError(
            f"the contract is not as it must be: {error}",
            where=str(file),
            mend="See docs/contracts.md for what a contract must say.",
        ) from error
    for source in stated["sources"]:
        _refuse_tests(source, file)
    return sources


def _refuse_tests(source: dict[str, Any], file: Path) -> None:
    for table in source["tables"]:
        for node in (source, table, *table["columns"]):
            if _TESTS & node.keys():
                raise ContractError(
                    f"the contract declares data tests of {node['name']}, which no "
                    "night runs",
                    where=str(file),
                    mend="Declare them of the staging model that reads the table, in "
                    "the yml beside it; what the door can ask, docs/contracts.md says.",
                )


def read_steward_source() -> SourceContract:
    """Read the contract of the source that every company has.

    Raises:
        ContractError: It is missing, is no YAML, or lacks what a contract must say.
    """
    [source] = _read_file(STEWARD_FOLDER / f"_{STEWARD}__sources.yml")
    return source


def read_sources(folder: Path) -> list[SourceContract]:
    """Read the contracts of a company, in order of their names.

    Args:
        folder: The company's folder.

    Raises:
        ContractError: A file is missing, is no YAML, or lacks what a contract must say.
    """
    files = sorted(folder.glob("sources/*/_*__sources.yml"))
    sources = [source for file in files for source in _read_file(file)]
    if not sources:
        raise ContractError(
            "the company has no contract",
            where=str(folder / "sources"),
            mend="Make one with `clientele source add FILE --entity party`.",
        )
    return sources
