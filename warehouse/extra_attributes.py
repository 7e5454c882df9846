"""Attributes of customers that one industry has and another has not.

A company names them in `dictionaries/extra_attribute.csv`, one row each. A column of a
contract by that name then becomes a typed column of `descriptive.dim_customer_extra`:
the macros `extra_attributes` and `extra_attribute` do it. This module reads the rows
and describes the columns, which no yml can know beforehand.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from warehouse.contracts import Identifier, PersonalClass, SourceContract
from warehouse.data_types import DataType
from warehouse.errors import ContractError

DICTIONARY = "extra_attribute"
OUTRIGGER = "dim_customer_extra"
OWN_COLUMNS = frozenset({"customer_extra_key", "customer_id"})


class ExtraAttribute(BaseModel):
    """One attribute that a company has beyond the standard."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attribute_name: Identifier
    """Name of the column, in the contracts that deliver it and in the outrigger."""
    data_type: DataType
    label_en: str = Field(min_length=1)
    label_zh: str = Field(min_length=1)
    description: str = Field(min_length=1)
    personal_class: PersonalClass | None = None
    """Class of personal data: the column then lies in the restricted file alone."""

    @field_validator("personal_class", mode="before")
    @classmethod
    def _empty_is_none(cls, stated: str | None) -> str | None:
        return stated or None

    @field_validator("attribute_name")
    @classmethod
    def _is_free(cls, stated: str) -> str:
        if stated in OWN_COLUMNS:
            raise ValueError(f"{stated} is a key of {OUTRIGGER}")
        return stated

    def column(self) -> dict[str, Any]:
        """Return the column as dbt's manifest describes one."""
        marks = {"pii": self.personal_class} if self.personal_class else {}
        return {
            "name": self.attribute_name,
            "description": f"{self.label_en} ({self.label_zh}). {self.description}",
            "data_type": self.data_type,
            "constraints": [],
            "config": {"meta": marks},
            "meta": marks,
        }


def read_extra_attributes(folder: Path) -> list[ExtraAttribute]:
    """Read the extra attributes of a company; none when it names none.

    Args:
        folder: The company's folder.

    Raises:
        ContractError: A row is not as it must be, or names an attribute twice.
    """
    file = folder / "dictionaries" / f"{DICTIONARY}.csv"
    if not file.is_file():
        return []
    attributes: dict[str, ExtraAttribute] = {}
    with file.open(encoding="utf-8", newline="") as opened:
        for number, row in enumerate(csv.DictReader(opened), start=2):
            try:
                attribute = ExtraAttribute(**row)
            except (ValidationError, TypeError) as error:
                raise _refused(file, number, str(error)) from error
            if attribute.attribute_name in attributes:
                said = f"{attribute.attribute_name} is named twice"
                raise _refused(file, number, said)
            attributes[attribute.attribute_name] = attribute
    return list(attributes.values())


def refuse_lesser_classes(
    attributes: Sequence[ExtraAttribute], sources: Sequence[SourceContract]
) -> None:
    """Refuse an attribute that is not as personal as a contract says.

    The class of the attribute alone decides whether the column is published.

    Raises:
        ContractError: A contract states a class that the dictionary does not.
    """
    stated = {each.attribute_name: each.personal_class for each in attributes}
    for source in sources:
        for table in source.tables:
            for column in table.columns:
                if (
                    column.pii
                    and column.name in stated
                    and stated[column.name] != column.pii
                ):
                    raise ContractError(
                        f"the extra attribute {column.name} is personal data of class "
                        f"{column.pii} by its contract, but of class "
                        f"{stated[column.name] or 'none'} by the dictionary",
                        where=f"{source.name}.{table.name}",
                        mend=f"State personal_class {column.pii} for it in "
                        f"dictionaries/{DICTIONARY}.csv.",
                    )


def describe(manifest: dict[str, Any], attributes: Sequence[ExtraAttribute]) -> None:
    """Add the columns of the outrigger to what dbt's manifest says of it."""
    columns = {each.attribute_name: each.column() for each in attributes}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["name"] == OUTRIGGER:
            node["columns"] |= columns


def _refused(file: Path, number: int, said: str) -> ContractError:
    return ContractError(
        f"an extra attribute is not as it must be: {said}",
        where=f"{file}, line {number}",
        mend="State attribute_name, data_type, label_en, label_zh, description and, "
        "for personal data, personal_class; docs/extra-attributes.md has examples.",
    )
