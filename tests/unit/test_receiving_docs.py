"""The page on contracts says what the code knows."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from warehouse.contracts import ColumnContract, SourceContract, TableContract
from warehouse.receiving import MENDS

PAGE = (Path(__file__).parents[2] / "docs" / "contracts.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("model", [SourceContract, TableContract, ColumnContract])
def test_every_field_of_a_contract_is_explained(model: type[BaseModel]) -> None:
    """A field that nobody explains is a field that nobody uses rightly."""
    elsewhere = {"name", "description", "tables", "columns"}
    missing = [
        name
        for name in model.model_fields
        if name not in elsewhere and f"`{name}`" not in PAGE
    ]
    assert missing == []


def test_every_reason_code_is_explained() -> None:
    """A reason that is not on the page cannot be acted on."""
    assert [code for code in MENDS if f"`{code}`" not in PAGE] == []
