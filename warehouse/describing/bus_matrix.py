"""The bus matrix: which process is seen by which dimensions, and how its facts add up.

It is written from the catalogue and kept in `docs/`; a test holds the page to it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from warehouse.describing.catalogue import Catalogue, Column, Table

SHARED_BY = 2
"""A dimension that this many processes share is a column of the matrix."""
INTRODUCTION = """\
# Bus matrix

Processes against the dimensions that they share, written by `clientele docs
--bus-matrix` from what is tested every night: a mark stands where a foreign key of the
fact is held to the dimension. A word in a cell is a role: the same dimension, asked in
that part. Grain, keys and measures of each fact follow, then the techniques by name.
"""


def bus_matrix(catalogue: Catalogue) -> str:
    """Return the page."""
    facts = catalogue.of_kind("fact")
    shared = [name for name in _conformed(facts) if not _is_load(name)]
    parts = [INTRODUCTION]
    for schema in dict.fromkeys(fact.schema for fact in facts):
        here = [fact for fact in facts if fact.schema == schema]
        parts.append(
            f"## {schema.capitalize()}: dimensions\n\n" + _matrix(here, shared)
        )
        parts.append(f"## {schema.capitalize()}: grain and measures\n\n" + _facts(here))
    parts.append("## Techniques\n\n" + _techniques(catalogue))
    return "\n".join(parts)


def _conformed(facts: Sequence[Table]) -> list[str]:
    """Return the dimensions that facts share: what one alone uses conforms to none."""
    shares = Counter(name for fact in facts for name in fact.references)
    return sorted(
        name
        for name, count in shares.items()
        if name.startswith("dim_") and count >= SHARED_BY
    )


def _is_load(name: str) -> bool:
    """Every row has a source and a load; columns of the matrix they would only fill."""
    return name in ("dim_load", "dim_source")


def _lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _matrix(facts: Sequence[Table], shared: Sequence[str]) -> str:
    used = [name for name in shared if any(name in f.references for f in facts)]
    heads = ["process", *(name.removeprefix("dim_") for name in used), "others"]
    rows = []
    for fact in facts:
        cells = [_cell(fact, name) for name in used]
        others = [
            name for name in fact.references if name not in used and not _is_load(name)
        ]
        rows.append([f"`{fact.name}`", *cells, ", ".join(others)])
    return _lines(heads, rows)


def _cell(fact: Table, dimension: str) -> str:
    named = roles(dimension, fact.references.get(dimension, ()))
    return ", ".join(named) if named else ""


def roles(dimension: str, columns: Sequence[str]) -> list[str]:
    """Name the roles in which columns refer to a dimension; `x` when it has no name."""
    found = []
    for column in columns:
        role = re.sub("_(key|id|name)$", "", column)
        role = role.removesuffix(dimension.removeprefix("dim_")).rstrip("_")
        found.append(role or "x")
    named = [role for role in dict.fromkeys(found) if role != "x"]
    return named or found[:1]


def _facts(facts: Sequence[Table]) -> str:
    rows = [
        [
            f"`{fact.name}`",
            kind_of_fact(fact),
            fact.grain.removeprefix("One row per ").rstrip("."),
            ", ".join(fact.primary_key),
            "; ".join(_measures(fact)) or "none: its rows are counted",
        ]
        for fact in facts
    ]
    return _lines(["fact", "kind", "one row per", "key", "measures"], rows)


def _measures(fact: Table) -> Iterator[str]:
    """Name the measures of a fact, those that add up alike together."""
    alike: dict[str, list[Column]] = {}
    for column in fact.measures:
        alike.setdefault(fact.additivity(column) or "", []).append(column)
    for additivity in sorted(alike):
        names = ", ".join(column.name for column in alike[additivity])
        yield f"{additivity}: {names}" if additivity else names


def kind_of_fact(fact: Table) -> str:
    """Return what Kimball calls a fact of this kind."""
    return fact.technique or ("transaction" if fact.measures else "factless")


def _techniques(catalogue: Catalogue) -> str:
    facts, dimensions = catalogue.of_kind("fact"), catalogue.of_kind("dimension")
    found = {
        "Conformed dimensions": _conformed(facts),
        "Slowly changing, type 2 (versions)": _with_column(dimensions, "valid_to"),
        "Bitemporal history": _names(catalogue.of_kind("history")),
        "Role-playing dimension": sorted(
            f"{fact.name}: {_cell(fact, name)}"
            for fact in facts
            for name in fact.references
            if len(roles(name, fact.references[name])) > 1 and not _is_load(name)
        ),
        "Degenerate dimension": sorted(_degenerate(facts)),
        "Outrigger": sorted(
            f"{dimension.name} to {name}"
            for dimension in dimensions
            for name in dimension.references
            if name.startswith("dim_") and not _is_load(name)
        ),
        "Bridge": _names(catalogue.of_kind("bridge")),
        "Bridge with weights": sorted(
            f"{table.name}.{column.name}"
            for table in catalogue.of_kind("bridge")
            for column in table.columns
            if "weight" in column.name
        ),
        **_stated(catalogue, facts),
        "Aggregates": _names(catalogue.of_kind("aggregate")),
        "Unknown member in place of a null key": _names(dimensions),
    }
    return "".join(
        f"- **{name}**: {', '.join(f'`{each}`' for each in places)}\n"
        for name, places in found.items()
        if places
    )


def _stated(catalogue: Catalogue, facts: Sequence[Table]) -> dict[str, list[str]]:
    """Collect what a yml calls by a technique's name, and what facts are."""
    found: dict[str, list[str]] = {}
    others = [table for table in catalogue.tables if table.kind != "fact"]
    for table in others:
        if table.technique:
            found.setdefault(table.technique, []).append(table.name)
    for fact in facts:
        found.setdefault(f"{kind_of_fact(fact)} fact", []).append(fact.name)
    return {name[0].upper() + name[1:]: found[name] for name in sorted(found)}


def _names(tables: Sequence[Table]) -> list[str]:
    return [table.name for table in tables]


def _with_column(tables: Sequence[Table], column: str) -> list[str]:
    return [t.name for t in tables if column in {each.name for each in t.columns}]


def _degenerate(facts: Sequence[Table]) -> Iterator[str]:
    for fact in facts:
        for column in fact.columns:
            is_number = column.name.endswith("_number") and not column.refers_to
            if is_number and column.data_type == "varchar":
                yield f"{fact.name}.{column.name}"
