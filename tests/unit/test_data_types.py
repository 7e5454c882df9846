"""Two numbers of a contract are compared in a type that loses nothing of either."""

import pytest

from warehouse.data_types import common_decimal


@pytest.mark.parametrize(
    ("one", "other", "held"),
    [
        ("integer", "bigint", "decimal(19, 0)"),
        ("integer", "decimal(4, 2)", "decimal(12, 2)"),
        ("decimal(12,2)", "decimal(5, 3)", "decimal(13, 3)"),
        ("decimal(38, 0)", "integer", "decimal(38, 0)"),
        ("decimal(38, 0)", "decimal(3, 2)", None),
        ("varchar", "integer", None),
        ("integer", "date", None),
    ],
)
def test_a_common_decimal_has_the_digits_of_both(
    one: str, other: str, held: str | None
) -> None:
    """In either order."""
    assert common_decimal(one, other) == common_decimal(other, one) == held
