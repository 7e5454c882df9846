"""The profile of a delivery: how many rows, blanks and values of each kind it brought.

A profile is a pure function of the delivered bytes and their contract, made once, in
SQL, by the look at the door, and kept beside the ledger: what is usual of a table is
learned from it without reading raw again. It holds counts. Of a column marked
personal, and of keys, it counts the blank and the given and looks at no value.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from string import Template
from typing import Any

import duckdb

from warehouse.contracts import ColumnContract, TableContract
from warehouse.database import identifier
from warehouse.receiving.typing import typed_columns, typed_name

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
_BLANKS = "".join(
    letter for letter in map(chr, range(0x3001)) if unicodedata.category(letter) == "Zs"
)
"""What DuckDB's `trim` takes away."""
_ZERO = -1024
"""A power of two that no number of a contract's types has."""

_DISTINCT = Template("""
select $counts from temp.delivered where rowid % $step = 0
""")
_LOOKED = Template("""
with typed as (select $columns, rowid as rid from temp.delivered $chosen),
judged as (select *, $sound as is_sound from typed)
-- a filter of an aggregate is not pushed below what types the texts, once
select list(rid) filter (not is_sound), count(*), $counts from judged
""")
_SUSPECTS = "create or replace temp table suspect as select unnest(?::bigint[]) as rid"
_REFUSED = "where rowid in (select rid from temp.verdict)"


def _is_blank(name: str) -> str:
    return (
        f"case when {name} is null or {name} = '' then true "
        f"when starts_with({name}, ' ') then trim({name}) = '' else false end"
    )


def _is_text(table: TableContract, column: ColumnContract) -> bool:
    """Return whether a column may be one of a few texts, though no contract says so."""
    is_looked_at = column.pii is None and column.name not in table.keys
    return is_looked_at and column.data_type == "varchar" and not column.accepted_values


class _Kind(Enum):
    """How a column's values are counted."""

    MANY = auto()
    GIVEN = auto()
    TEXT = auto()
    BOOLEAN = auto()
    NUMBER = auto()


def _kind(table: TableContract, column: ColumnContract, few: set[str] | None) -> _Kind:
    if column.pii is not None or column.name in table.keys:
        return _Kind.GIVEN
    if column.accepted_values or column.name in (few or ()):
        return _Kind.TEXT
    if column.data_type == "varchar":
        # of so few rows nobody can say whether a text is one of a few
        return _Kind.GIVEN if few is None else _Kind.MANY
    if column.data_type in ("date", "timestamp"):
        return _Kind.GIVEN
    return _Kind.BOOLEAN if column.data_type == "boolean" else _Kind.NUMBER


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


def _blanks(column: ColumnContract, kind: _Kind) -> str:
    """Return the aggregate over a column's blanks; a text's are among its values."""
    if kind is _Kind.TEXT:
        return "null"
    return f"count(*) filter ({_is_blank(identifier(column.name))})"


def _values(column: ColumnContract, kind: _Kind) -> str:
    """Return the aggregate over a column's values by kind; null when none is counted.

    Of a number, the power of two and beside it the sign; texts are counted as they
    stand, and trimmed when there are few of them left.
    """
    name, typed = identifier(column.name), typed_name(column.name)
    if kind is _Kind.TEXT:
        return f"histogram({name})"
    if kind is _Kind.BOOLEAN:
        return f"histogram({typed})"
    if kind is _Kind.NUMBER:
        number = f"cast({typed} as double)"
        power = f"cast(floor(log2(abs({number}))) as integer)"
        return (
            f"histogram(case when {number} = 0 then {_ZERO} "
            f"else 2 * {power} + if({number} < 0, 1, 0) end)"
        )
    return "null"


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


@dataclass(frozen=True)
class Look:
    """What one look at rows found.

    Args:
        kinds: How each column is counted.
        suspects: The rowids of those that are not sound at first sight.
        profile: The counts of all.
    """

    kinds: dict[str, _Kind]
    suspects: list[int]
    profile: Profile


def look_over(
    connection: duckdb.DuckDBPyConnection, table: TableContract, sound: str
) -> Look:
    """Find the rows that are not sound, and count all by column and category.

    A number's category is its power of two, an accepted value's is itself, and so is
    that of a text with few values.

    Args:
        connection: A session with the temp table `delivered`.
        table: The contract.
        sound: The condition that a row, its texts typed beside them, is sound.

    Returns:
        What was found; the temp table `suspect` has the suspects, if there are any.
    """
    rows = _number(connection, "select count(*) from temp.delivered")
    texts = [column.name for column in table.columns if _is_text(table, column)]
    few = _few_values(connection, texts, rows)
    kinds = {column.name: _kind(table, column, few) for column in table.columns}
    look = _look(connection, table, kinds, sound=sound)
    if look.suspects:
        connection.execute(_SUSPECTS, [look.suspects])
    return look


def without_refused(
    connection: duckdb.DuckDBPyConnection, table: TableContract, look: Look
) -> Profile:
    """Return the profile of the rows that the door let in.

    Args:
        connection: A session with the temp tables `delivered` and `verdict`.
        table: The contract.
        look: What the look at all rows found.
    """
    refused = _look(connection, table, look.kinds, chosen=_REFUSED).profile
    counts = Counter({(name, category): n for name, category, n in look.profile})
    counts.subtract({(name, category): n for name, category, n in refused})
    return [(*which, count) for which, count in counts.items() if count]


def _look(
    connection: duckdb.DuckDBPyConnection,
    table: TableContract,
    kinds: dict[str, _Kind],
    *,
    sound: str = "true",
    chosen: str = "",
) -> Look:
    counts = [
        f"{_blanks(column, kinds[column.name])}, {_values(column, kinds[column.name])}"
        for column in table.columns
    ]
    query = _LOOKED.substitute(
        columns=typed_columns(table),
        counts=", ".join(counts),
        sound=sound,
        chosen=chosen,
    )
    suspects, count, *found = connection.execute(query).fetchone() or (None, 0)
    profile = [
        (name, category, row_count)
        for (name, kind), blank, values in zip(
            kinds.items(), found[::2], found[1::2], strict=True
        )
        for category, row_count in _categories(kind, count, blank, values)
        if row_count
    ]
    return Look(kinds, suspects or [], profile)


def _power(code: int) -> str:
    return "0" if code == _ZERO else f"{'-' if code % 2 else ''}2^{code // 2}"


_NAMES: dict[_Kind, Callable[[Any], str]] = {
    _Kind.TEXT: lambda text: text.strip(_BLANKS)[:_LONGEST_CATEGORY],
    _Kind.BOOLEAN: lambda value: "true" if value else "false",
    _Kind.NUMBER: _power,
}

_REST = {
    _Kind.MANY: MANY,
    _Kind.GIVEN: GIVEN,
    _Kind.TEXT: BLANK,
    _Kind.BOOLEAN: OTHER,
    _Kind.NUMBER: OTHER,
}
"""What the rows are that were counted neither as blank nor as a value."""


def _categories(
    kind: _Kind, count: int, blank: int | None, values: dict[Any, int] | None
) -> list[tuple[str, int]]:
    """Return rows by category of a column; `values` are null when there are no rows."""
    found = Counter({BLANK: blank or 0})
    for value, row_count in (values or {}).items():
        found[_NAMES[kind](value)] += row_count
    found[_REST[kind]] += count - found.total()
    return sorted(found.items())


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
