"""What the columns of a file mean: the input entity's columns, by their synonyms.

The synonyms are in `synonyms.csv`, those of codes in `value_synonyms.csv`, both in
English, Chinese and some German; a company's own dictionaries count too.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.company import ENTITIES
from warehouse.errors import WrongUseError
from warehouse.settings import PROJECT_ROOT

DELIVERY_COLUMNS = (
    "source_name",
    "load_id",
    "load_row",
    "record_hash",
    "known_at",
    "delivered_on",
    "valid_from",
    "is_deleted",
    "left_out",
)
_DICTIONARY = re.compile(r"dictionary `(\w+)`")
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class EntityColumn:
    """A column of an input entity, as its yml describes it."""

    name: str
    description: str
    data_type: str
    pii: str | None
    dictionary: str | None


@dataclass(frozen=True)
class Entity:
    """An input entity: its columns that a staging model may yield."""

    name: str
    description: str
    columns: dict[str, EntityColumn]

    @property
    def record_id(self) -> str:
        """Return the column that holds the id of the record within its source."""
        return next(iter(self.columns))


@cache
def entity_of(name: str) -> Entity:
    """Read an input entity from the yml of its model.

    Raises:
        WrongUseError: There is no such entity.
    """
    if name not in ENTITIES:
        raise WrongUseError(
            f"there is no input entity '{name}'",
            where="--entity",
            mend=f"Take one of: {', '.join(ENTITIES)}.",
        )
    file = PROJECT_ROOT / "models" / "input" / f"input_{name}.yml"
    model = yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0]
    columns = [_entity_column(node) for node in model["columns"] if _is_fed(node)]
    return Entity(
        name=name,
        description=" ".join(model["description"].split()),
        columns={column.name: column for column in columns},
    )


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    meta: dict[str, Any] = node.get("config", {}).get("meta", {})
    return meta


def _is_fed(node: dict[str, Any]) -> bool:
    return node["name"] not in DELIVERY_COLUMNS and not _meta(node).get("is_derived")


def _entity_column(node: dict[str, Any]) -> EntityColumn:
    found = _DICTIONARY.search(node["description"])
    return EntityColumn(
        name=node["name"],
        description=node["description"],
        data_type=node["data_type"],
        pii=_meta(node).get("pii"),
        dictionary=found.group(1) if found else None,
    )


def folded(text: str) -> str:
    """Fold a name or a value for comparison: width, case, spaces and signs aside."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        yield from csv.DictReader(opened)


@cache
def _synonyms(entity: str) -> dict[str, str]:
    known = {
        folded(synonym): row["column_name"]
        for row in _rows(_HERE / "synonyms.csv")
        if row["entity"] == entity
        for synonym in row["synonyms"].split("|")
    }
    if entity in ENTITIES:
        known |= {folded(column): column for column in entity_of(entity).columns}
    return known


def column_meant(header: str, entity: str) -> str | None:
    """Return the column of the entity that a header means, if any."""
    return _synonyms(entity).get(folded(header))


def is_clock(header: str) -> bool:
    """Tell whether a header means when the row was last changed."""
    return folded(header) in _synonyms("clock")


def personal_class(header: str) -> str | None:
    """Return the class of personal data that a header speaks of, if any."""
    column = column_meant(header, "party")
    return entity_of("party").columns[column].pii if column else None


def codes_of(dictionary: str, folder: Path) -> dict[str, str]:
    """Map every way to write a code of a dictionary, folded, to the code.

    Args:
        dictionary: Its name.
        folder: The folder of the company, whose own dictionary counts too.
    """
    known = {
        folded(synonym): row["code"]
        for row in _rows(_HERE / "value_synonyms.csv")
        if row["dictionary"] == dictionary
        for synonym in row["synonyms"].split("|")
    }
    for file in (
        PROJECT_ROOT / "seeds" / f"{dictionary}.csv",
        folder / "dictionaries" / f"{dictionary}__company.csv",
    ):
        if file.is_file():
            for row in _rows(file):
                for column in ("code", "label_en", "label_zh"):
                    known[folded(row[column])] = row["code"]
    return known
