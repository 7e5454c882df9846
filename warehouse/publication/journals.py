"""What the journals beside the tables of the work database tell a release.

How they are written is in `macros/journals.sql`; that a model keeps one, and what it
tells, in its `meta` (`macros/touched_keys.sql`). A release notes the heads of the day
in its manifest; the next one reads on from there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from warehouse.database import identifier
from warehouse.publication.release import Journal

_BESIDE = "intermediate"
_HEAD = "__head"
_TOUCHED = "__touched"
BUILDS_KEPT = 30
"""How many builds a journal tells of, as in `builds_kept` of the macros."""
_HEADS = """
select table_name from duckdb_tables()
where database_name = ? and schema_name = ? and list_contains(?, table_name)
"""
_KEYS = "select {columns} from {journal} where build_number > {since}"


def told_by(meta: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the key of a journal, if it tells of more than some columns."""
    kept = meta.get("journal", {})
    return tuple(kept.get("key", ())) if kept.get("told", ["*"]) == ["*"] else ()


def heads(
    connection: duckdb.DuckDBPyConnection, database: str, names: Sequence[str]
) -> dict[str, Journal]:
    """Return where the journals of tables stand; a table may have none."""
    asked = [f"{name}{_HEAD}" for name in names]
    found = connection.execute(_HEADS, [database, _BESIDE, asked]).fetchall()
    return {
        head.removesuffix(_HEAD): _head(connection, _beside(database, head))
        for [head] in found
    }


def goes_on(today: Journal | None, noted: Journal | None) -> bool:
    """Return whether a journal tells of all builds since it was noted."""
    return (
        today is not None
        and noted is not None
        and today.origin == noted.origin
        and 0 <= today.build_number - noted.build_number <= BUILDS_KEPT
    )


def touched(database: str, name: str, key: Sequence[str], since: int) -> str:
    """Return as SQL the keys that were touched after a build."""
    return _KEYS.format(
        columns=", ".join(map(identifier, key)),
        journal=_beside(database, name + _TOUCHED),
        since=since,
    )


def _beside(database: str, name: str) -> str:
    return ".".join(map(identifier, (database, _BESIDE, name)))


def _head(connection: duckdb.DuckDBPyConnection, head: str) -> Journal:
    [[origin, build_number]] = (
        connection.table(head).project("origin, build_number").fetchall()
    )
    return Journal(origin=origin, build_number=build_number)
