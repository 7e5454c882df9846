"""What dbt's manifest says of the published tables, as their readers see them.

A relation is known because its test is: what `relationships` holds every night is what
the pages draw, so they cannot show a join that is not there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from warehouse.contracts import PERSONAL
from warehouse.publication.plan import SCHEMAS

Manifest = Mapping[str, Any]

KINDS = {
    "dim": "dimension",
    "fct": "fact",
    "bridge": "bridge",
    "hist": "history",
    "agg": "aggregate",
    "view": "view",
}
_ADDS = (
    r"(not additive|semi-additive|additive)(:? (?:not )?(?:over|within) [^.;:]+)?"
    r"(?=[.;:]|$)"
)
_COLUMN_ADDS = re.compile(rf"(?:^|[.;] ){_ADDS}")
_TABLE_ADDS = re.compile(rf"(?:^|[.;] )its measures are {_ADDS}")
_REFERENCED = re.compile(r"ref\('(\w+)'\)")
_NUMBERS = ("decimal", "numeric", "bigint", "integer", "smallint", "double", "float")
_NO_MEASURE = re.compile(r".*(_key|_id|_row|_code|_number|_month|_year|_rank)$")


@dataclass(frozen=True)
class Column:
    """A column of a published table.

    Attributes:
        name: Its name.
        data_type: Its type.
        description: What it holds.
        personal: Its class of personal data; none when it lies in the marts.
        refers_to: The table whose member it names.
    """

    name: str
    data_type: str
    description: str
    personal: str | None
    refers_to: str | None

    @property
    def is_measure(self) -> bool:
        """Return whether it is a number that one may want to add."""
        is_number = self.data_type.lower().startswith(_NUMBERS)
        return is_number and not _NO_MEASURE.fullmatch(self.name)


@dataclass(frozen=True)
class Table:
    """A published table.

    Attributes:
        schema: Its schema.
        name: Its name.
        description: Its grain, and what else is to be known.
        primary_key: The columns that identify a row.
        columns: Its columns, in order.
        reads: The models that it is made from.
        meta: What its yml says besides.
    """

    schema: str
    name: str
    description: str
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]
    reads: tuple[str, ...]
    meta: Mapping[str, Any]

    @property
    def technique(self) -> str | None:
        """Return what Kimball calls it, where its yml says so."""
        return self.meta.get("technique")

    @property
    def kind(self) -> str:
        """Return what kind of table it is."""
        return KINDS[self.name.partition("_")[0]]

    @property
    def grain(self) -> str:
        """Return the sentence that says what one row is."""
        return self.description.partition(". ")[0].rstrip(".") + "."

    @property
    def measures(self) -> tuple[Column, ...]:
        """Return its measures."""
        return tuple(column for column in self.columns if column.is_measure)

    def additivity(self, measure: Column) -> str | None:
        """Return how a measure may be added, and over what, as it or its table says.

        A table speaks for the columns that do not: "Its measures are not additive."
        """
        if "additive" in measure.description.lower():
            return _additivity(measure.description, _COLUMN_ADDS)
        return _additivity(self.description, _TABLE_ADDS)

    @cached_property
    def references(self) -> dict[str, tuple[str, ...]]:
        """Return the columns that name members of other tables, by table."""
        named: dict[str, tuple[str, ...]] = {}
        for column in self.columns:
            if column.refers_to and column.refers_to != self.name:
                named[column.refers_to] = (
                    *named.get(column.refers_to, ()),
                    column.name,
                )
        return named


@dataclass(frozen=True)
class Metric:
    """A metric, as it is stated."""

    name: str
    label: str
    description: str


@dataclass(frozen=True)
class Catalogue:
    """All that is published.

    Attributes:
        tables: The tables, by schema and name.
        metrics: The metrics, by name.
    """

    tables: tuple[Table, ...]
    metrics: tuple[Metric, ...]

    def of_kind(self, *kinds: str) -> tuple[Table, ...]:
        """Return the tables of some kinds."""
        return tuple(table for table in self.tables if table.kind in kinds)

    def readers_of(self, name: str) -> tuple[str, ...]:
        """Return the tables that are made from a table."""
        return tuple(table.name for table in self.tables if name in table.reads)


def read_catalogue(manifest: Manifest) -> Catalogue:
    """Read the published tables of a manifest."""
    published = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in SCHEMAS
    ]
    references = _references(manifest)
    tables = [_table(manifest, node, references) for node in published]
    order = {schema: position for position, schema in enumerate(SCHEMAS)}
    metrics = [
        Metric(metric["name"], metric["label"], metric["description"].strip())
        for metric in manifest["metrics"].values()
    ]
    return Catalogue(
        tuple(sorted(tables, key=lambda table: (order[table.schema], table.name))),
        tuple(sorted(metrics, key=lambda metric: metric.name)),
    )


def _references(manifest: Manifest) -> dict[tuple[str, str], str]:
    """Return the table that each column's test of references names."""
    found = {}
    for node in manifest["nodes"].values():
        told = node.get("test_metadata") or {}
        if told.get("name") == "relationships" and node["column_name"]:
            [to] = _REFERENCED.findall(told["kwargs"]["to"])
            found[node["attached_node"], node["column_name"]] = to
    return found


def _table(
    manifest: Manifest,
    node: Mapping[str, Any],
    references: Mapping[tuple[str, str], str],
) -> Table:
    meta = node["config"]["meta"]
    nodes = manifest["nodes"]
    return Table(
        schema=node["schema"],
        name=node["name"],
        description=node["description"].strip(),
        primary_key=tuple(meta.get("primary_key", ())),
        columns=tuple(
            _column(name, stated, references.get((node["unique_id"], name)))
            for name, stated in node["columns"].items()
        ),
        reads=tuple(
            sorted(
                nodes[parent]["name"]
                for parent in node["depends_on"]["nodes"]
                if parent in nodes
            )
        ),
        meta=meta,
    )


def _additivity(text: str, form: re.Pattern[str]) -> str | None:
    """Read how measures add up: one clause of the form, and no other word of it.

    Whatever else has the word, as "No value is additive", is not read: understood in
    half it would say the contrary.
    """
    said = " ".join(text.split()).lower()
    found = form.findall(said)
    if len(found) != 1 or said.count("additive") != 1:
        return None
    [(adds, over)] = found
    return f"{adds}{over.replace(':', ',')}"


def _column(name: str, stated: Mapping[str, Any], refers_to: str | None) -> Column:
    mark = stated.get("config", {}).get("meta", {}).get("pii")
    return Column(
        name=name,
        data_type=stated["data_type"] or "",
        description=stated["description"].strip(),
        personal=mark if mark in PERSONAL else None,
        refers_to=refers_to,
    )
