"""Values that are wrong, or right, only beside others of their row."""

from typing import Any

from gallery import Case

RETURNS = [
    {"name": "id"},
    {"name": "x", "data_type": "integer", "negative_only_when": "is_return"},
    {"name": "is_return", "data_type": "boolean"},
]
REFUNDS = [
    {"name": "id"},
    {"name": "sale", "data_type": "decimal(12, 2)"},
    {"name": "x", "data_type": "decimal(12, 3)", "not_larger_than": "sale"},
]
WHOLE_REFUNDS = [
    *REFUNDS[:2],
    {"name": "x", "data_type": "integer", "not_larger_than": "sale"},
]
OUTSIDE, EXCEEDS = "negative_outside_returns", "exceeds_original"
BAD: list[tuple[str, str, list[dict[str, Any]], str, str]] = [
    ("negative quantity outside returns", "-1,false", RETURNS, OUTSIDE, "x"),
    ("negative quantity, no word of a return", "-1,", RETURNS, OUTSIDE, "x"),
    (
        "negative, and its return unreadable",
        "-1,?",
        RETURNS,
        "not_a_boolean",
        "is_return",
    ),
    ("refund larger than the sale", "5.00,5.001", REFUNDS, EXCEEDS, "x"),
    ("refund below zero, larger than the sale", "5.00,-5.001", REFUNDS, EXCEEDS, "x"),
    ("refund of nothing sold", "0,0.01", REFUNDS, EXCEEDS, "x"),
    ("refund of the lowest number", "5,-2147483648", WHOLE_REFUNDS, EXCEEDS, "x"),
]
GOOD: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("negative quantity in a return", "-1,true", RETURNS),
    ("quantity in a return, without its sign", "1,true", RETURNS),
    ("no quantity outside returns", ",false", RETURNS),
    ("refund of the whole sale", "5.00,5.000", REFUNDS),
    ("refund of the whole sale, below zero", "5.00,-5.000", REFUNDS),
    ("refund of a sale whose amount is blank", ",5.001", REFUNDS),
    ("sale without a refund", "5.00,", REFUNDS),
]


def _case(
    name: str, row: str, columns: list[dict[str, Any]], code: str | None, at: str | None
) -> Case:
    header = ",".join(column["name"] for column in columns)
    text = f"1,{row}"
    return Case(
        *("Values", name, "quarantine" if code else "keep", code),
        data=f"{header}\n{text}\n".encode(),
        contract={"columns": columns},
        bad=text.encode() if code else None,
        column=at,
        rows=[] if code else [tuple(text.split(","))],
    )


CASES = [
    *(_case(*described) for described in BAD),
    *(_case(*described, None, None) for described in GOOD),
]
