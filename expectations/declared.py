"""The data tests that the marts' yml declare, as the manifest shows them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from expectations.results import Severity
from expectations.severities import RULES, Rule
from expectations.sql import filled, quoted, relation

Node = Mapping[str, Any]

_REFERENCE = re.compile(r"""ref\(\s*['"](\w+)['"]\s*\)""")
_SOURCE = re.compile(r"""source\(\s*['"](\w+)['"]\s*,\s*['"](\w+)['"]\s*\)""")
_BUDGET = re.compile(r"^>\s*(\d+)$")
_REFERRING = frozenset({"to", "other"})
"""Arguments that are references."""


@dataclass(frozen=True)
class Promise:
    """One data test of the manifest, with what its check needs to know.

    `test` is its node, attached to a model; what it refers to is in `manifest`. `among`
    is the condition of the rows to ask, where all others are known to keep it.
    """

    test: Node
    manifest: Node
    among: str | None = None

    @property
    def name(self) -> str:
        """Return the test's name, unique in the project."""
        return str(self.test["name"])

    @property
    def kind(self) -> str:
        """Return which generic test it is."""
        return str(self.test["test_metadata"]["name"])

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Return what the yml says to the generic test."""
        return dict(self.test["test_metadata"]["kwargs"])

    @property
    def column(self) -> str | None:
        """Return the column that it is declared on, if one."""
        name = self.arguments.get("column_name")
        return str(name) if name else None

    @property
    def model(self) -> Node:
        """Return the node of the table that it is declared on."""
        return dict(self.manifest["nodes"][self.test["attached_node"]])

    @property
    def rule(self) -> Rule:
        """Return severity, budget and mend: what the yml says goes before our own.

        Raises:
            ValueError: The yml names a severity that there is not.
        """
        return _rule(self)

    @property
    def table(self) -> str:
        """Return the quoted name of the table that the test is declared on."""
        return _relation(self.model)

    @property
    def rows(self) -> str:
        """Return what stands behind `from`: the table, and which of its rows."""
        limits = " and ".join(f"({each})" for each in (self.where, self.among) if each)
        return f"{self.table} where {limits}" if limits else self.table

    def checked(self, asked: str, column: str | None = None) -> str:
        """Return as SQL how many rows it is about: all, though few may be asked.

        Where those without a column are not, they are counted by themselves: of a
        column that has no nulls nothing is read.
        """
        if not self.among:
            return asked
        blank = column and _count(replace(self, among=f"{column} is null"))
        return f"{self.row_count} - {blank}" if blank else self.row_count

    @property
    def row_count(self) -> str:
        """Return as SQL how many rows it is about, though few may be asked."""
        return _count(replace(self, among=None))

    @property
    def where(self) -> str | None:
        """Return the condition that the yml limits the test to."""
        stated = self.test["config"].get("where")
        return str(stated) if stated else None

    @property
    def quoted_column(self) -> str:
        """Return the quoted column that the test is declared on."""
        return quoted(str(self.column))

    def referred(self, argument: str) -> str:
        """Return the quoted name of the table that an argument refers to.

        Raises:
            ValueError: The argument is no reference to a node of the manifest.
        """
        said = str(self.arguments[argument])
        table = _found(said, self.manifest)
        if table is None:
            raise ValueError(f"{self.name}: {said} is neither a model nor a source")
        return table


def _count(promise: Promise) -> str:
    return filled("(select count(*) from $rows)", rows=promise.rows)


def is_stated_in_full(test: Node, manifest: Node) -> bool:
    """Return whether all that a data test says is read here, and so can be checked.

    What is left to be rendered or counted otherwise is not, nor a reference to another
    package or to one version of a model.
    """
    config, kwargs = test["config"], test["test_metadata"]["kwargs"]
    is_whole = not config.get("limit") and config.get("enabled", True)
    counts_rows = config.get("fail_calc") in (None, "count(*)")
    thresholds = [config.get(name) for name in ("error_if", "warn_if")]
    left = {name: kwargs[name] for name in kwargs.keys() - {"model", *_REFERRING}}
    return (
        is_whole
        and counts_rows
        and all(said in (None, "!= 0") or _BUDGET.match(said) for said in thresholds)
        and "{{" not in json.dumps([left, config.get("where")])
        and all(
            _found(str(kwargs[name]), manifest) is not None
            for name in _REFERRING & kwargs.keys()
        )
    )


def _found(said: str, manifest: Node) -> str | None:
    """Return the quoted name of the table that a reference means, if it means one."""
    named, sourced = _REFERENCE.search(said), _SOURCE.search(said)
    for node in manifest["nodes"].values():
        is_table = node["resource_type"] in ("model", "seed")
        if named and is_table and node["name"] == named[1]:
            return _relation(node)
    for node in manifest["sources"].values():
        if sourced and (node["source_name"], node["name"]) == sourced.groups():
            return relation(node["schema"], node["identifier"], database="archive")
    return None


def _relation(node: Node) -> str:
    return relation(node["schema"], node.get("alias") or node["name"])


def said(table: str) -> str:
    """Return the table's name as people write it."""
    return table.replace('"', "")


def _severity(config: Node, meta: Node, own: Severity) -> Severity:
    """Return the severity that the yml states; dbt itself knows no information."""
    if "severity" in meta:
        return Severity(str(meta["severity"]))
    is_warning = str(config.get("severity", "error")).lower().startswith("warn")
    return Severity.WARNING if is_warning else own


def _rule(promise: Promise) -> Rule:
    own, config = RULES[promise.kind], promise.test["config"]
    meta = config.get("meta") or {}
    severity = _severity(config, meta, own.severity)
    threshold = "error_if" if severity is Severity.ERROR else "warn_if"
    budget = _BUDGET.match(str(config.get(threshold) or ""))
    return Rule(
        severity=severity,
        reason=str(promise.test.get("description") or own.reason),
        next_step=str(meta.get("next_step") or own.next_step),
        budget_rows=int(budget[1]) if budget else own.budget_rows,
        budget_pct=float(meta.get("budget_pct", own.budget_pct)),
    )
