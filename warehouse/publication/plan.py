"""What is to be published: the work database, read with the help of dbt's manifest.

A table is published because a model describes it, a column because the model describes
it and does not mark it as personal. What the work database holds besides, such as the
table of a model that was removed, stays there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Any

import duckdb

from warehouse.contracts import PERSONAL
from warehouse.database import identifier
from warehouse.errors import ClienteleError
from warehouse.publication import journals
from warehouse.publication.release import Journal

SCHEMAS = (
    "shared",
    "descriptive",
    "behavioural",
    "associative",
    "aggregates",
    "quality",
)
NOT_PERSONAL = "none"
"""Says openly that a column is not personal, though one of its name is elsewhere."""


@dataclass(frozen=True)
class Described:
    """What a model says about one of its columns."""

    name: str
    description: str
    personal: str | None
    """Class of personal data, `none` when said openly, null when not said."""

    @property
    def is_personal(self) -> bool:
        """Return whether the column must not lie in the marts."""
        return self.personal not in (None, NOT_PERSONAL)


@dataclass(frozen=True)
class Column:
    """A column as it lies in the work database, with what its model says."""

    name: str
    data_type: str
    is_nullable: bool
    described: Described


@dataclass(frozen=True)
class Table:
    """A table or view to publish."""

    model: str
    schema: str
    name: str
    description: str
    primary_key: tuple[str, ...]
    described: Mapping[str, Described]
    depends_on: tuple[str, ...]
    told_by: tuple[str, ...] = ()
    """The key of its journal, if that tells of all that changes in it."""
    columns: tuple[Column, ...] = ()
    view: str | None = None
    """The statement that made it, when it is a view."""
    rows: int | None = None
    """Rows in the work database; none for a view."""
    journal: Journal | None = None
    """How far the journal is written."""

    @property
    def full_name(self) -> str:
        """Return schema and name, for messages and manifests."""
        return f"{self.schema}.{self.name}"

    @property
    def identifier(self) -> str:
        """Return schema and name, quoted, naming no database."""
        return f"{identifier(self.schema)}.{identifier(self.name)}"

    @property
    def public(self) -> tuple[Column, ...]:
        """Return the columns of the marts."""
        return tuple(c for c in self.columns if not c.described.is_personal)

    @property
    def restricted(self) -> tuple[Column, ...]:
        """Return keys and personal columns; nothing when none is personal."""
        if len(self.public) == len(self.columns):
            return ()
        keys = {*self.primary_key, *self.told_by, "customer_id"}
        return tuple(
            c for c in self.columns if c.name in keys or c.described.is_personal
        )


def described_tables(manifest: Mapping[str, Any]) -> dict[str, Table]:
    """Read what dbt's manifest says of the published schemas.

    Returns:
        By `schema.name`, the tables in an order in which each follows those it reads.

    Raises:
        ClienteleError: A column is marked with a class that the house does not know.
    """
    tables = {
        unique_id: _described_table(unique_id, node)
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["schema"] in SCHEMAS
        and node["config"].get("materialized") != "ephemeral"
    }
    order = TopologicalSorter({key: t.depends_on for key, t in tables.items()})
    return {
        tables[key].full_name: tables[key]
        for key in order.static_order()
        if key in tables
    }


def personal_names(manifest: Mapping[str, Any]) -> set[str]:
    """Return the names of columns that any model, published or not, marks as personal.

    A forgotten mark is found by them: staging and input mark what the marts repeat.
    """
    return {
        column
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for column, stated in node["columns"].items()
        if _mark(stated) not in (None, NOT_PERSONAL)
    }


def plan_tables(
    connection: duckdb.DuckDBPyConnection,
    described: Mapping[str, Table],
    *,
    database: str,
) -> list[Table]:
    """Find the described tables in a database.

    Args:
        connection: A session with the database attached.
        described: What the models say, from `described_tables`.
        database: Alias of the work database.

    Returns:
        Those that exist, in the order of `described`, with columns and row counts.

    Raises:
        ClienteleError: A column is not described, or personal columns have no key.
    """
    views = _views(connection, database)
    told = [table.name for table in described.values() if table.told_by]
    heads = journals.heads(connection, database, told)
    planned = []
    for name, columns in columns_of(connection, database).items():
        table = described.get(name)
        if table is None:
            continue
        planned.append(
            replace(
                table,
                columns=tuple(_matched(table, column) for column in columns),
                view=views.get(name),
                rows=None if name in views else _rows(connection, database, table),
                journal=heads.get(table.name) if table.told_by else None,
            )
        )
    for table in planned:
        _assert_separable(table)
    order = list(described)
    return sorted(planned, key=lambda table: order.index(table.full_name))


def _described_table(unique_id: str, node: Mapping[str, Any]) -> Table:
    meta = node["config"].get("meta", {})
    name = node.get("alias") or node["name"]
    return Table(
        model=unique_id,
        schema=node["schema"],
        name=name,
        description=node.get("description", ""),
        primary_key=tuple(meta.get("primary_key", ())),
        described={
            column: _described_column(f"{node['schema']}.{name}", column, stated)
            for column, stated in node["columns"].items()
        },
        depends_on=tuple(node.get("depends_on", {}).get("nodes", ())),
        told_by=journals.told_by(meta),
    )


def _described_column(table: str, name: str, stated: Mapping[str, Any]) -> Described:
    personal = _mark(stated)
    if personal is not None and personal not in PERSONAL | {NOT_PERSONAL}:
        raise ClienteleError(
            f"{personal!r} is no class of personal data",
            where=f"{table}.{name}",
            mend=f"Use one of {', '.join(sorted(PERSONAL))}, or `{NOT_PERSONAL}`.",
        )
    return Described(name, stated.get("description", ""), personal)


def _mark(stated: Mapping[str, Any]) -> str | None:
    mark: str | None = stated.get("config", {}).get("meta", {}).get("pii")
    return mark


def columns_of(
    connection: duckdb.DuckDBPyConnection, database: str
) -> dict[str, list[tuple[str, str, bool]]]:
    """Return name, type and nullability of the columns, by `schema.name`."""
    found = connection.execute(
        """
        select
            schema_name || '.' || table_name as full_name,
            list(
                {'name': column_name, 'type': data_type, 'nullable': is_nullable}
                order by column_index
            ) as columns
        from duckdb_columns()
        where database_name = ? and list_contains(?, schema_name)
        group by full_name
        """,
        [database, list(SCHEMAS)],
    ).fetchall()
    return {
        name: [(c["name"], c["type"], c["nullable"]) for c in columns]
        for name, columns in found
    }


def _views(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "select schema_name || '.' || view_name, sql from duckdb_views() "
            "where database_name = ? and list_contains(?, schema_name)",
            [database, list(SCHEMAS)],
        ).fetchall()
    )


def _rows(connection: duckdb.DuckDBPyConnection, database: str, table: Table) -> int:
    counted = connection.execute(
        f"select count(*) from {identifier(database)}.{table.identifier}"  # noqa: S608
    ).fetchall()
    return int(counted[0][0])


def _matched(table: Table, column: tuple[str, str, bool]) -> Column:
    name, data_type, is_nullable = column
    if name not in table.described:
        raise ClienteleError(
            "a column that no model describes cannot be published",
            where=f"{table.full_name}.{name}",
            mend="Describe it in the yml beside the model, and mark it with "
            "`config: {meta: {pii: <class>}}` if it tells who a person is.",
        )
    return Column(name, data_type, is_nullable, table.described[name])


def _assert_separable(table: Table) -> None:
    if not table.restricted:
        return
    if table.view:
        raise ClienteleError(
            "a view cannot have personal columns of its own",
            where=table.full_name,
            mend="Leave them out of the view; readers join the restricted table.",
        )
    public = {column.name for column in table.public}
    if not table.primary_key or not public.issuperset(table.primary_key):
        raise ClienteleError(
            "a table with personal columns needs a primary key without any",
            where=table.full_name,
            mend="State `config: {meta: {primary_key: [...]}}` at its model.",
        )
