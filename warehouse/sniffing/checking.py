"""Holds contracts, staging models and the mapping of a company against each other.

What a contract must say at all is held by `warehouse.contracts`; what the data says, by
the checks of a night.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from warehouse.company import Company
from warehouse.contract_files import STEWARD_FOLDER
from warehouse.contracts import SourceContract
from warehouse.errors import WrongUseError
from warehouse.sniffing.layout import UNKNOWN
from warehouse.sniffing.meaning import DELIVERY_COLUMNS, codes_of, entity_of

_READ = re.compile(r"\bsource\(\s*'(\w+)',\s*'(\w+)'\s*\)")
_TYPED = re.compile(r"\btyped\(\s*'(\w+)',\s*'(\w+)',\s*'(\w+)'\s*\)")
_NAMED = re.compile(
    r"\btyped\(\s*'(\w+)',\s*'(\w+)',\s*'(\w+)'\s*\)\s*\}\}\s+as\s+(\w+)"
)
_PROVENANCE = ("purpose", "collected_by", "collected_how", "collected_where")


def check_source(company: Company, source_name: str | None = None) -> list[str]:
    """List what does not agree, one sentence each; empty when all does.

    Args:
        company: Whose sources to check.
        source_name: Only this source; all of them when not given.

    Raises:
        WrongUseError: There is no such source.
    """
    chosen = [each for each in company.sources if source_name in (None, each.name)]
    if not chosen:
        known = ", ".join(each.name for each in company.sources)
        raise WrongUseError(
            f"there is no source '{source_name}'",
            where=str(company.folder / "sources"),
            mend=f"The sources are: {known}.",
        )
    problems = [problem for each in chosen for problem in _contract(each, company)]
    for entity, models in company.inputs.items():
        for model in models:
            if source_name is None or model.startswith(f"stg_{source_name}__"):
                problems += _model(company, entity, model)
    return problems + list(_unmapped(company, [each.name for each in chosen]))


def _contract(source: SourceContract, company: Company) -> Iterator[str]:
    for field in _PROVENANCE:
        if getattr(source, field).strip() in ("", UNKNOWN):
            yield f"Source {source.name}: the contract does not say {field}."
    if source.channel not in set(codes_of("channel", company.folder).values()):
        yield f"Source {source.name}: no dictionary has the channel {source.channel}."


def _model(company: Company, entity: str, model: str) -> list[str]:
    found = [
        *sorted(company.folder.glob(f"sources/*/{model}.sql")),
        *STEWARD_FOLDER.glob(f"{model}.sql"),
    ]
    if not found:
        return [
            f"Model {model}: company.yml maps it to {entity}, but it does not exist."
        ]
    description = found[0].with_suffix(".yml")
    if not description.is_file():
        return [f"Model {model}: {description.name} beside it is missing."]
    sql = found[0].read_text(encoding="utf-8")
    return [
        *_columns(model, entity, description),
        *_reads(company, model, sql),
        *_published_ids(company, model, entity, sql),
    ]


def _columns(model: str, entity: str, description: Path) -> Iterator[str]:
    stated: dict[str, Any] = yaml.safe_load(description.read_text(encoding="utf-8"))
    named = [
        column["name"]
        for node in stated["models"]
        for column in node.get("columns", [])
    ]
    aim = entity_of(entity)
    for name in named:
        if name not in aim.columns and name not in DELIVERY_COLUMNS:
            yield f"Model {model}: {entity} has no column {name}."
    if aim.record_id not in named:
        yield f"Model {model}: {aim.record_id}, the id of a record, is not covered."


def _reads(company: Company, model: str, sql: str) -> Iterator[str]:
    contracts = {
        (source.name, table.name): {column.name for column in table.columns}
        for source in company.sources
        for table in source.tables
    }
    tables = set(_READ.findall(sql))
    for table in sorted(tables - set(contracts)):
        yield f"Model {model}: no contract has the table {'.'.join(table)}."
    if not tables:
        yield f"Model {model}: it reads no table of a source."
    for source, table, column in sorted(set(_TYPED.findall(sql))):
        if column not in contracts.get((source, table), {column}):
            yield f"Model {model}: the contract of {source}.{table} has no {column}."


def _published_ids(
    company: Company, model: str, entity: str, sql: str
) -> Iterator[str]:
    personal = {
        (source.name, table.name, column.name): column.pii
        for source in company.sources
        for table in source.tables
        for column in table.columns
    }
    for source, table, column, name in _NAMED.findall(sql):
        pii = personal.get((source, table, column))
        if name == entity_of(entity).record_id and pii:
            yield (
                f"Model {model}: {name} is published, but {column} is personal data"
                f" ({pii}); take a number that the source keeps for itself."
            )


def _unmapped(company: Company, names: list[str]) -> Iterator[str]:
    mapped = {model for models in company.inputs.values() for model in models}
    for name in names:
        for file in sorted(company.folder.glob(f"sources/{name}/stg_*.sql")):
            if file.stem not in mapped:
                yield f"Model {file.stem}: it feeds no entity; map it in company.yml."
