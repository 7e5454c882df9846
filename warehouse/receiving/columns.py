"""Which delivered column is which, by name alone; and the temp table they land in."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

import duckdb

from warehouse.contracts import ColumnContract, TableContract
from warehouse.database import identifier, literal
from warehouse.receiving.reasons import Refusal

MOST_COLUMNS = 2_000
_ID_CLASSES = frozenset({"phone", "national_id", "member_number", "account"})
_NOT_OF_ONE_TEXT = frozenset({None, "contact", "finance", "free_text"})
"""Classes of personal data that may be delivered nested, and None for no class."""


@dataclass(frozen=True)
class Matching:
    """The columns of a delivery held against the contract.

    Args:
        positions: Per column of the contract that is there, its position.
        unknown: Names of columns that the contract does not know, with positions.
    """

    positions: dict[str, int]
    unknown: dict[str, int]


def is_id(column: ColumnContract, table: TableContract) -> bool:
    """Return whether a column's texts are ids, of which every digit counts."""
    is_key = column.name in (*table.keys, table.cursor)
    return is_key or column.pii in _ID_CLASSES or column.name.endswith("_id")


def is_one_text(column: ColumnContract, table: TableContract) -> bool:
    """Return whether a column's texts name somebody or something."""
    return is_id(column, table) or column.pii not in _NOT_OF_ONE_TEXT


def match_columns(header: Sequence[str], table: TableContract) -> Matching:
    """Match a header to the contract by name.

    Raises:
        Refusal: A name is blank, repeated, missing, or unknown and not to be kept.
    """
    if len(header) > MOST_COLUMNS:
        raise Refusal("too_many_columns", f"it has {len(header)} columns", line=1)
    if blank := [index + 1 for index, name in enumerate(header) if not name.strip()]:
        raise Refusal("header_blank", f"column {blank[0]} has no name", line=1)
    known = {column.delivered_as for column in table.columns}
    repeated = [name for name, count in Counter(header).items() if count > 1]
    if repeated:
        # In a file without a header it would be a value, and of a person.
        told = f"{repeated[0]!r}" if repeated[0] in known else "a name of no column"
        raise Refusal("header_repeated", f"{told} is there twice", line=1)
    place = {name: index for index, name in enumerate(header)}
    missing = [
        column.delivered_as
        for column in table.columns
        if column.delivered_as not in place and not column.is_optional
    ]
    if missing:
        raise Refusal("column_missing", f"missing columns: {missing[:10]}", line=1)
    unknown = {name: index for name, index in place.items() if name not in known}
    if unknown and table.new_column == "reject":
        shown = sorted(name[:64] for name in unknown)[:10]
        raise Refusal("column_unknown", f"unknown columns: {shown}", line=1)
    positions = {
        column.name: place[column.delivered_as]
        for column in table.columns
        if column.delivered_as in place
    }
    return Matching(positions, unknown)


def _landed(column: ColumnContract, matching: Matching, texts: Sequence[str]) -> str:
    name = identifier(column.name)
    if column.name not in matching.positions:
        return f"cast(null as varchar) as {name}"
    return f"{texts[matching.positions[column.name]]} as {name}"


def create_delivered(
    connection: duckdb.DuckDBPyConnection,
    table: TableContract,
    matching: Matching,
    texts: Sequence[str],
    relation: str,
) -> None:
    """Make the temp table `delivered` of the columns of a relation, in its order.

    Args:
        connection: The session of the load.
        table: The contract.
        matching: Which position is which column.
        texts: Per position, the SQL expression of its text; never null.
        relation: What to select from, in SQL.
    """
    landed = [_landed(column, matching, texts) for column in table.columns]
    extra = ", ".join(
        f"{literal(name)}, {texts[index]}" for name, index in matching.unknown.items()
    )
    landed.append(
        f"cast(json_object({extra}) as varchar) as _extra"
        if extra
        else "cast(null as varchar) as _extra"
    )
    land(
        connection,
        table,
        f"select {', '.join(landed)} from {relation}",  # noqa: S608
        never_null=matching.positions,
    )


def fields_sql(names: Sequence[str]) -> str:
    """Return the parts of a digest of fields: each with its name and length.

    A field that was not delivered leaves no trace, so a contract may gain columns.
    """
    return ", ".join(
        f"case when {identifier(name)} is not null then "
        f"{literal(name + '=')} || strlen({identifier(name)}) || ':' || "
        f"{identifier(name)} end"
        for name in names
    )


def record_sql(names: Sequence[str], never_null: Container[str]) -> str:
    """Return the text of a record that is hashed: its fields as `fields_sql` has them.

    Pieces put together at once cost a third of pieces put together field by field.

    Args:
        names: The fields, in the order that the text has them.
        never_null: Those of them that every row has.
    """
    if names[0] not in never_null:
        return f"concat_ws('|', {fields_sql(names)})"
    pieces = []
    for index, name in enumerate(names):
        mark, field = literal(f"{'|' if index else ''}{name}="), identifier(name)
        glue = ", " if name in never_null else " || "
        pieces.append(glue.join((mark, f"strlen({field})", "':'", field)))
    return f"concat({', '.join(pieces)})"


def land(
    connection: duckdb.DuckDBPyConnection,
    table: TableContract,
    rows: str,
    never_null: Container[str] = (),
) -> None:
    """Make the temp table `delivered` of a query's rows, each with `_record_hash`.

    Args:
        connection: The session of the load.
        table: The contract.
        rows: A query that yields the contract's columns and `_extra`, as text.
        never_null: Columns that every row has.
    """
    names = [*sorted(column.name for column in table.columns), "_extra"]
    connection.execute(
        "create or replace temp table delivered as "  # noqa: S608
        f"select *, md5({record_sql(names, never_null)}) as _record_hash "
        f"from ({rows})"
    )


def without_null_token(text: str, null_token: str) -> str:
    """Return the expression of a text in which the declared null token is empty."""
    if not null_token:
        return text
    return f"case when {text} = {literal(null_token)} then '' else {text} end"
