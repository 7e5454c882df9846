"""A header is held against its contract without telling what it should not hold."""

import pytest

from warehouse.contracts import ColumnContract, Delivery, TableContract
from warehouse.receiving.columns import match_columns
from warehouse.receiving.reasons import Refusal

PEOPLE = TableContract(
    name="people",
    description="One row per person.",
    format="csv",
    place="people.csv",
    keys=["id"],
    delivery=Delivery.FULL,
    columns=[
        ColumnContract(name="id", description="Number."),
        ColumnContract(name="phone", description="Phone.", pii="phone"),
    ],
)


def test_a_repeated_column_is_named() -> None:
    """The contract has it, so it is a name and no value."""
    with pytest.raises(Refusal, match="'phone' is there twice"):
        match_columns(["id", "phone", "phone"], PEOPLE)


def test_a_first_row_in_place_of_a_header_is_not_told() -> None:
    """It holds values of a person, and a refusal goes into ledger, mails and marts."""
    with pytest.raises(Refusal) as refused:
        match_columns(["13800138000", "13800138000"], PEOPLE)
    assert "13800138000" not in str(refused.value)
