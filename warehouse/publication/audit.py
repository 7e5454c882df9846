"""The audit of a closed release, from a fresh read-only session.

It reads nothing but the two files and what the models say; of what was carried over it
is told what the rows add up to that came anew. Rules about the data itself are the
gate's, which ran before.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from warehouse.database import attach, identifier, session
from warehouse.publication.build import Sums
from warehouse.publication.deltas import Sum
from warehouse.publication.plan import NOT_PERSONAL, SCHEMAS, Table
from warehouse.publication.release import MARTS, AuditResult, TableFacts
from warehouse.publication.tables import DATABASES, Part, asked, parts_of, sum_of_hashes
from warehouse.settings import Settings

_Found = dict[str, list[str]]


def audit_release(
    settings: Settings,
    folder: Path,
    *,
    described: Mapping[str, Table],
    personal: set[str],
    planned: Sequence[Table],
    sums: Sums,
) -> tuple[list[AuditResult], dict[str, TableFacts]]:
    """Check a closed release.

    Args:
        settings: Memory, threads and places.
        folder: Where the files lie.
        described: What the models say, by `schema.name`.
        personal: Names of columns that some model marks as personal.
        planned: The tables of the work database, with their row counts.
        sums: What proves those that were carried over from the release before.

    Returns:
        The results, and the facts about each published table.
    """
    with session(settings) as connection:
        for file, alias in DATABASES.items():
            attach(connection, folder / file, alias=alias)
        connection.execute(f"use {DATABASES[MARTS]}")
        public, restricted = (_columns(connection, a) for a in DATABASES.values())
        parts = parts_of(planned)
        results = [
            _result("tables_present", _missing_tables(described, public)),
            _result("columns_as_described", _wrong_columns(described, public)),
            _result(
                "no_personal_columns", _personal_columns(described, personal, public)
            ),
            _result(
                "restricted_complete", _not_restricted(described, public, restricted)
            ),
            _result("rows_as_in_work", _wrong_counts(connection, parts)),
            _result("carried_as_in_work", _wrong_sums(connection, parts, sums)),
            _result("views_open", _closed_views(connection, planned)),
        ]
    facts = {
        table.full_name: TableFacts(
            rows=table.rows,
            columns=public.get(table.full_name, []),
            restricted_columns=restricted.get(table.full_name, []),
            journal=table.journal,
        )
        for table in planned
    }
    return results, facts


def _result(check: str, faults: Iterable[str]) -> AuditResult:
    found = sorted(faults)
    return AuditResult(check=check, passed=not found, detail=", ".join(found))


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> _Found:
    return dict(
        connection.execute(
            "select schema_name || '.' || table_name, "
            "list(column_name order by column_index) from duckdb_columns() "
            "where database_name = ? and list_contains(?, schema_name) group by all",
            [database, list(SCHEMAS)],
        ).fetchall()
    )


def _missing_tables(described: Mapping[str, Table], public: _Found) -> set[str]:
    return described.keys() - public.keys()


def _wrong_columns(described: Mapping[str, Table], public: _Found) -> set[str]:
    return {
        f"{name}.{column}"
        for name, columns in public.items()
        for column in _impersonal(described[name]) ^ set(columns)
    }


def _personal_columns(
    described: Mapping[str, Table], personal: set[str], public: _Found
) -> set[str]:
    """Find columns of a personal name that are not openly declared to be none."""
    return {
        f"{name}.{column}"
        for name, columns in public.items()
        for column in personal.intersection(columns)
        if described[name].described[column].personal != NOT_PERSONAL
    }


def _not_restricted(
    described: Mapping[str, Table], public: _Found, restricted: _Found
) -> set[str]:
    return {
        f"{name}.{column}"
        for name in public
        for column in described[name].described.keys()
        - _impersonal(described[name])
        - set(restricted.get(name, ()))
    }


def _impersonal(table: Table) -> set[str]:
    return {name for name, column in table.described.items() if not column.is_personal}


def _wrong_counts(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]
) -> set[str]:
    return {
        part.table.full_name
        for part in parts
        if _asked(connection, part, "count(*)") != part.table.rows
    }


def _wrong_sums(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], sums: Sums
) -> set[str]:
    """Hold what came anew, behind the rest, against the work database.

    With the number of all rows this tells that those came which were to come, and that
    as many went as were to go.
    """
    return {
        part.table.full_name
        for part in parts
        if (expected := sums.get((part.file, part.table.full_name)))
        and _sum_of_last(connection, part, expected) != expected.sum_of_hashes
    }


def _sum_of_last(
    connection: duckdb.DuckDBPyConnection, part: Part, expected: Sum
) -> int:
    where = "true"
    if expected.rows != part.table.rows:
        last = _asked(connection, part, "coalesce(max(rowid), 0)")
        where = f"rowid > {last - expected.rows}"
    return _asked(connection, part, sum_of_hashes(part.columns), where)


def _asked(
    connection: duckdb.DuckDBPyConnection, part: Part, what: str, where: str = "true"
) -> int:
    name = f"{identifier(DATABASES[part.file])}.{part.table.identifier}"
    [found] = asked(connection, name, what, where)
    return int(found)


def _closed_views(
    connection: duckdb.DuckDBPyConnection, planned: Sequence[Table]
) -> set[str]:
    return {
        table.full_name
        for table in planned
        if table.view and not _opens(connection, table.identifier)
    }


def _opens(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    try:
        connection.execute(f"select * from {table} limit 0")  # noqa: S608
    except duckdb.Error:
        return False
    return True
