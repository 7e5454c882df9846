"""The types that a contract may give a column, and what it takes to compare numbers."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import StringConstraints

DataType = Annotated[
    str,
    StringConstraints(
        pattern=r"^(varchar|integer|bigint|boolean|date|timestamp|decimal\(\d+,\s*\d+\))$"
    ),
]
MOST_DIGITS = 38
_OF_WHOLE_NUMBERS = {"integer": 10, "bigint": 19}


def _digits(data_type: str) -> tuple[int, int] | None:
    """Return the digits before and after the mark; None where it is no number."""
    if decimal := re.fullmatch(r"decimal\((\d+),\s*(\d+)\)", data_type):
        precision, scale = int(decimal[1]), int(decimal[2])
        return precision - scale, scale
    whole = _OF_WHOLE_NUMBERS.get(data_type)
    return None if whole is None else (whole, 0)


def scale_of(data_type: str) -> int:
    """Return how many digits a number type holds after the mark; 0 of what is none."""
    digits = _digits(data_type)
    return digits[1] if digits else 0


def common_decimal(one: str, other: str) -> str | None:
    """Return the decimal that holds the values of two number types without loss.

    Args:
        one: Type of a column.
        other: Type of another.

    Returns:
        None where one of them is no number, or they need more digits than there are.
    """
    first, second = _digits(one), _digits(other)
    if first is None or second is None:
        return None
    whole, scale = max(first[0], second[0]), max(first[1], second[1])
    precision = whole + scale
    return f"decimal({precision}, {scale})" if precision <= MOST_DIGITS else None


def wrong_flag(types: Mapping[str, str], name: str, flag: str | None) -> str | None:
    """Return why a column cannot say when another may be negative.

    Args:
        types: The type of each column of the table.
        name: The column that may be negative.
        flag: The column that says when; None where none does.
    """
    if flag is None:
        return None
    if _digits(types[name]) is None:
        return f"stands at a number, and this is a {types[name]}"
    if flag not in types:
        return f"names the column {flag}, which the table has not"
    if types[flag] != "boolean":
        return f"names a boolean column, and {flag} is a {types[flag]}"
    return None


def wrong_limit(types: Mapping[str, str], name: str, limit: str | None) -> str | None:
    """Return why a column cannot be the limit of another.

    Args:
        types: The type of each column of the table.
        name: The column that is limited.
        limit: The column that it may not exceed; None where there is none.
    """
    if limit is None:
        return None
    if _digits(types[name]) is None:
        return f"stands at a number, and this is a {types[name]}"
    if limit not in types:
        return f"names the column {limit}, which the table has not"
    if limit == name:
        return "names another column, and not its own"
    if _digits(types[limit]) is None:
        return f"names a number, and {limit} is a {types[limit]}"
    if common_decimal(types[name], types[limit]) is None:
        return (
            f"cannot be held without loss: {types[name]} and {types[limit]} together "
            f"need more than {MOST_DIGITS} digits"
        )
    return None
