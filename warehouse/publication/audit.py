"""The audit of a closed release, from a fresh read-only session.

It reads nothing but the two files and what the models say: what the plan meant to write
is not asked. Rules about the data itself are the gate's, which ran before.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from warehouse.database import attach, identifier, session
from warehouse.publication.plan import NOT_PERSONAL, SCHEMAS, Table
from warehouse.publication.release import (
    MARTS,
    RESTRICTED,
    AuditResult,
    TableFacts,
)
from warehouse.publication.tables import sum_of_hashes
from warehouse.settings import Settings

_Found = dict[str, list[str]]


def audit_release(
    settings: Settings,
    folder: Path,
    *,
    described: Mapping[str, Table],
    personal: set[str],
    planned: Sequence[Table],
    sums: Mapping[str, int],
) -> tuple[list[AuditResult], dict[str, TableFacts]]:
    """Check a closed release.

    Args:
        settings: Memory, threads and places.
        folder: Where the files lie.
        described: What the models say, by `schema.name`.
        personal: Names of columns that some model marks as personal.
        planned: The tables of the work database, with their row counts.
        sums: What those add up to that were carried over from the release before.

    Returns:
        The results, and the facts about each published table.
    """
    with session(settings) as connection:
        attach(connection, folder / MARTS, alias="audited")
        attach(connection, folder / RESTRICTED, alias="audited_restricted")
        connection.execute("use audited")
        public = _columns(connection, "audited")
        restricted = _columns(connection, "audited_restricted")
        results = [
            _result("tables_present", _missing_tables(described, public)),
            _result("columns_as_described", _wrong_columns(described, public)),
            _result(
                "no_personal_columns", _personal_columns(described, personal, public)
            ),
            _result(
                "restricted_complete", _not_restricted(described, public, restricted)
            ),
            _result("rows_as_in_work", _wrong_counts(connection, planned)),
            _result("carried_as_in_work", _wrong_sums(connection, planned, sums)),
            _result("views_open", _closed_views(connection, planned)),
        ]
    facts = {
        table.full_name: TableFacts(
            rows=table.rows,
            columns=public.get(table.full_name, []),
            restricted_columns=restricted.get(table.full_name, []),
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
    connection: duckdb.DuckDBPyConnection, planned: Sequence[Table]
) -> set[str]:
    return {
        f"{database}.{table.full_name}"
        for table in planned
        for database in ("audited", "audited_restricted")
        if table.rows is not None
        and (database == "audited" or table.restricted)
        and _count(connection, f"{identifier(database)}.{table.identifier}")
        != table.rows
    }


def _wrong_sums(
    connection: duckdb.DuckDBPyConnection,
    planned: Sequence[Table],
    sums: Mapping[str, int],
) -> set[str]:
    found = {
        table.full_name: connection.table(table.identifier)
        .aggregate(sum_of_hashes(table.public))
        .fetchall()
        for table in planned
        if table.full_name in sums
    }
    return {name for name in found if found[name] != [(sums[name],)]}


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    [[rows]] = connection.execute(f"select count(*) from {table}").fetchall()  # noqa: S608
    return int(rows)


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
