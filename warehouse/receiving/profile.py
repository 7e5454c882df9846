"""The profile of a delivery: how many rows, blanks and values of each kind it brought.

A profile is a pure function of the delivered bytes and their contract, made once, in
SQL, while they land, and kept beside the ledger: what is usual of a table is learned
from it without reading raw again. It holds counts. Of a column marked personal, and of
keys, it counts the blank and the given and looks at no value.
"""

from string import Template

import duckdb

from warehouse.contracts import ColumnContract, TableContract
from warehouse.database import identifier, literal
from warehouse.receiving.typing import typed_sql

Profile = list[tuple[str, str, int]]
"""Column, category, and how many rows have it."""

BLANK, GIVEN, MANY, OTHER = "", "_given", "_many", "_other"
"""Categories: no value; a value that was not looked at; values too various to count;
a value that cannot be told."""

MOST_CATEGORIES = 12
"""A text with more different values than this in the sample is counted as various."""
_SAMPLE_ROWS = 2000
_FEWEST_ROWS = 50
"""Of fewer rows nobody can say whether a text is one of a few."""
_LONGEST_CATEGORY = 40

_DISTINCT = Template("""
select $counts from temp.delivered where rowid % $step = 0
""")
_COUNTS = Template("select count(*), $counts from temp.delivered $chosen")
_NOT_REFUSED = "where rowid not in (select rid from temp.verdict)"


def _is_blank(name: str) -> str:
    return (
        f"case when {name} is null or {name} = '' then true "
        f"when starts_with({name}, ' ') then trim({name}) = '' else false end"
    )


def _is_text(table: TableContract, column: ColumnContract) -> bool:
    """Return whether a column may be one of a few texts, though no contract says so."""
    is_looked_at = column.pii is None and column.name not in table.keys
    return is_looked_at and column.data_type == "varchar" and not column.accepted_values


def _kind(table: TableContract, column: ColumnContract, few: set[str]) -> str | None:
    """Return the expression of a value's category; none when no value is looked at."""
    name = identifier(column.name)
    if column.pii is not None or column.name in table.keys:
        return None
    if column.accepted_values or column.name in few:
        return f"left(trim({name}), {_LONGEST_CATEGORY})"
    if column.data_type == "varchar":
        return literal(MANY)
    if column.data_type in ("date", "timestamp"):
        return None
    typed = typed_sql(name, column)
    if column.data_type == "boolean":
        return f"cast({typed} as varchar)"
    number = f"cast({typed} as double)"
    return (
        f"case when {number} = 0 then '0' else "
        f"if({number} < 0, '-', '') || '2^' || "
        f"cast(cast(floor(log2(abs({number}))) as integer) as varchar) end"
    )


def _few_values(
    connection: duckdb.DuckDBPyConnection, texts: list[str], rows: int
) -> set[str] | None:
    """Name the texts that have few values, by rows spread evenly over the delivery.

    None when there are too few rows to say.
    """
    if rows < _FEWEST_ROWS or not texts:
        return None
    query = _DISTINCT.substitute(
        counts=", ".join(f"count(distinct {identifier(name)})" for name in texts),
        step=max(rows // _SAMPLE_ROWS, 1),
    )
    counts = connection.execute(query).fetchone() or ()
    found = zip(texts, counts, strict=True)
    return {name for name, count in found if count <= MOST_CATEGORIES}


def _count(table: TableContract, column: ColumnContract, few: set[str] | None) -> str:
    """Return the aggregate over a column: its blanks, or a map of its categories."""
    blank = _is_blank(identifier(column.name))
    unsure = few is None and _is_text(table, column)
    kind = None if unsure else _kind(table, column, few or set())
    if kind is None:
        return f"count(*) filter ({blank})"
    category = f"coalesce({kind}, {literal(OTHER)})"
    return f"histogram(case when {blank} then {literal(BLANK)} else {category} end)"


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


def profile_rows(
    connection: duckdb.DuckDBPyConnection, table: TableContract
) -> Profile:
    """Count the delivered rows by column and category.

    Rows that the door refused are left out. A number's category is its power of two,
    an accepted value's is itself, and so is that of a text with few values.

    Args:
        connection: A session with the temp tables `delivered` and `verdict`.
        table: The contract.

    Returns:
        Column, category and how many rows have it; no category without rows.
    """
    rows = _number(connection, "select count(*) from temp.delivered")
    refused = _number(connection, "select count(*) from temp.verdict")
    texts = [column.name for column in table.columns if _is_text(table, column)]
    few = _few_values(connection, texts, rows)
    query = _COUNTS.substitute(
        counts=", ".join(_count(table, column, few) for column in table.columns),
        chosen=_NOT_REFUSED if refused else "",
    )
    count, *counts = connection.execute(query).fetchone() or (0,)
    return [
        (column.name, category, row_count)
        for column, found in zip(table.columns, counts, strict=True)
        for category, row_count in _categories(found, count).items()
        if row_count
    ]


def _categories(found: int | dict[str, int] | None, count: int) -> dict[str, int]:
    """Return rows by category of a column's count; a map of no rows comes as null."""
    if isinstance(found, int):
        return {BLANK: found, GIVEN: count - found}
    return found or {}


def keep_profile(
    connection: duckdb.DuckDBPyConnection, load_id: int, profile: Profile
) -> None:
    """Append the profile of a load, in the transaction that appends the load.

    Args:
        connection: A session with the archive in use.
        load_id: The load.
        profile: What it brought.
    """
    if not profile:
        return
    names, categories, counts = zip(*profile, strict=True)
    connection.execute(
        "insert into ledger.load_profile select $load_id, unnest($names::varchar[]), "
        "unnest($categories::varchar[]), unnest($counts::bigint[])",
        {
            "load_id": load_id,
            "names": list(names),
            "categories": list(categories),
            "counts": list(counts),
        },
    )
