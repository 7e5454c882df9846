"""Rows that are sound at first sight: the door looks closely at the others alone.

A condition here may miss a sound row, never let a bad one pass: what is wrong with a
row, and in which order that is told, the door alone says.
"""

from datetime import date, timedelta

from warehouse.contracts import ColumnContract, TableContract
from warehouse.data_types import scale_of
from warehouse.database import identifier, literal
from warehouse.receiving.columns import is_id
from warehouse.receiving.records import LONGEST_RECORD
from warehouse.receiving.typing import typed_name

_BEYOND_BLANKS = "\u3001"
"""The letter behind the last that trimming takes away."""


def _is_told(name: str) -> str:
    """Return the condition that a text does not begin with a blank."""
    return f"({name} between '!' and '~' or {name} >= {literal(_BEYOND_BLANKS)})"


def _text_conditions(column: ColumnContract, table: TableContract) -> list[str]:
    name, conditions = identifier(column.name), []
    if column.accepted_values:
        plain = [each for each in column.accepted_values if each == each.strip()]
        accepted = ", ".join(literal(each) for each in plain) or "null"
        conditions.append(f"{name} in ({accepted})")
    if table.format == "excel":
        conditions.append(f"not contains({name}, '#')")
    if table.format == "parquet" and column.data_type == "varchar":
        conditions += [
            f"strlen({name}) <= {LONGEST_RECORD}",
            f"not contains({name}, chr(0))",
        ]
    if is_id(column, table) and column.data_type == "varchar":
        conditions.append(f"not contains({name}, 'E+')")
    return conditions


def _time_conditions(typed: str, column: ColumnContract, on: date) -> list[str]:
    conditions = [f"{typed} >= date '1900-01-01'"]
    if not column.may_be_future:
        end = (on + timedelta(days=2)).isoformat()
        conditions.append(f"{typed} < date {literal(end)}")
    return conditions


def _number_conditions(typed: str, column: ColumnContract) -> list[str]:
    conditions = [
        f"{typed} {sign} {limit!r}"
        for limit, sign in ((column.minimum, ">="), (column.maximum, "<="))
        if limit is not None
    ]
    if scale := scale_of(column.data_type):
        like = literal(f"%{column.number.decimal_mark}{'_' * (scale + 1)}%")
        conditions.append(f"{identifier(column.name)} not like {like}")
    return [*conditions, f"{typed} is not null"]


def _typed_conditions(column: ColumnContract, on: date) -> list[str]:
    typed = typed_name(column.name)
    if column.data_type == "varchar":
        return []
    if column.data_type in ("date", "timestamp"):
        return _time_conditions(typed, column, on)
    if column.data_type == "boolean":
        return [f"{typed} is not null"]
    return _number_conditions(typed, column)


def _sound(column: ColumnContract, table: TableContract, on: date) -> str | None:
    """Return the condition that a value is sound by itself; none when any is."""
    name = identifier(column.name)
    is_required = column.is_required or column.name in (*table.keys, table.cursor)
    conditions = _text_conditions(column, table) + _typed_conditions(column, on)
    if is_required and column.data_type == "varchar":
        conditions.append(_is_told(name))
    if not conditions:
        return None
    sound = f"coalesce({' and '.join(conditions)}, false)"
    return sound if is_required else f"(coalesce({name}, '') = '' or {sound})"


def sound_sql(table: TableContract, on: date, beside: list[str]) -> str:
    """Return the condition that a row, its texts typed beside them, is sound.

    Args:
        table: The contract.
        on: The business date.
        beside: What finds faults of values beside others of their row, or is null.
    """
    own = [_sound(column, table, on) for column in table.columns]
    conditions = [*filter(None, own), *(f"{fault} is null" for fault in beside)]
    return " and ".join(conditions) or "true"
