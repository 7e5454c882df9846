"""The checks of the rooms before the marts, made from the tests that their yml declare.

The promises are those of the gate, and so are their rules; what they count is asked of
the database directly, one scan a table, for nothing of it is published: a room that
breaks a promise ends the night where it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from expectations.declared import Node, Promise, is_stated_in_full
from expectations.judging import is_tolerated, judged
from expectations.narrowing import Since
from expectations.promises import BY_ROW, KNOWN, checks_of
from expectations.results import CheckResult, Severity, Stage
from expectations.suites import Check, Suite

_LOAD = "load_id"
_OF_OTHER_ROWS = re.compile(r"\b(over|join|group|distinct|union|limit)\b", re.I)
"""Words by which a row follows from others than itself."""
_ABOUT_NAMES = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ParserException,
    duckdb.SyntaxException,
)
"""Errors that are told in full; the text of any other may quote a value of a row."""


def can_check(test: Node, manifest: Node) -> bool:
    """Return whether a data test is of a kind that is known here, stated in full.

    All others are left to dbt.
    """
    kind = test.get("test_metadata")
    if not kind or kind.get("namespace") or kind["name"] not in KNOWN:
        return False
    return is_stated_in_full(test, manifest)


def check_rooms(
    connection: duckdb.DuckDBPyConnection,
    manifest: Mapping[str, Any],
    tests: Iterable[Node],
    kept_until: int = 0,
) -> Iterator[CheckResult]:
    """Check what was built against the data tests that are declared of it.

    Args:
        connection: Reads the work database, with what its views read.
        manifest: dbt's manifest.
        tests: Data tests of the manifest, all of which `can_check`.
        kept_until: The last load whose rows have passed and are as they were.

    Yields:
        One result per test.
    """
    declared = {str(test["name"]) for test in tests}
    by_model: dict[str, list[Promise]] = {}
    for test in sorted(tests, key=lambda test: str(test["name"])):
        promise = Promise(test, manifest)
        by_model.setdefault(promise.model["name"], []).append(promise)
    news = _Loads(kept_until) if kept_until else None
    for name, promises in sorted(by_model.items()):
        schema = promises[0].model["schema"]
        suite = Suite(
            name=f"room.{schema}.{name}",
            table=f"{schema}.{name}",
            rows=promises[0].table,
            checks=[
                check for check in checks_of(promises, news) if check.name in declared
            ],
        )
        yield from _checked(connection, suite)


@dataclass(frozen=True)
class _Loads:
    """The news of a room whose rows of loads until one are as they were."""

    kept_until: int

    def since(self, promise: Promise) -> Since | None:
        """Return the rows of later loads."""
        if not _follows_loads(promise):
            return None
        return Since(f"{_LOAD} > {self.kept_until}", key=frozenset({_LOAD}))

    def lost(self, _reference: Promise) -> None:
        """Return nothing: what a parent lost is not known."""


def _follows_loads(promise: Promise) -> bool:
    """Return whether what rows of earlier loads have kept, they keep tonight.

    Each keeps it by itself, or beside rows of its own load; it stays as it was; and had
    one broken it, that night had ended there.
    """
    rule, columns = promise.rule, promise.arguments.get("columns", [])
    is_strict = rule.severity is Severity.ERROR and not (
        rule.budget_rows or rule.budget_pct
    )
    by_load = promise.kind in BY_ROW or (
        promise.kind == "unique_together" and _LOAD in columns
    )
    has_load = _LOAD in promise.model.get("columns", {})
    return is_strict and by_load and has_load and _is_row_by_row(promise)


def _is_row_by_row(promise: Promise) -> bool:
    """Return whether a model's rows of earlier loads are as they were.

    They are in a table to which the rows of new loads are appended, and in a view that
    makes each row of one table of raw.
    """
    model, macros = promise.model, promise.manifest.get("macros", {})
    if model["config"].get("incremental_strategy") == "append":
        return True
    read = model["depends_on"]
    code = [model["raw_code"], *(macros[name]["macro_sql"] for name in read["macros"])]
    return (
        model["config"].get("materialized") == "view"
        and [name.partition(".")[0] for name in read["nodes"]] == ["source"]
        and not any(map(_OF_OTHER_ROWS.search, code))
    )


def _checked(
    connection: duckdb.DuckDBPyConnection, suite: Suite
) -> Iterator[CheckResult]:
    by_query: dict[str, list[Check]] = {}
    for check in suite.checks:
        by_query.setdefault(check.brief or check.query, []).append(check)
    for query, checks in by_query.items():
        found, breakage = _counted(connection, query)
        for check in checks:
            yield _result(check, found, suite=suite, breakage=breakage)


def _counted(
    connection: duckdb.DuckDBPyConnection, query: str
) -> tuple[dict[str, Any], str | None]:
    try:
        result = connection.execute(query)
        names = [column[0] for column in result.description or []]
        [row] = result.fetchall()
    except duckdb.OperationalError:
        # A fault of the machine, and not of the promise.
        raise
    except _ABOUT_NAMES as error:
        return {}, str(error).splitlines()[0]
    except duckdb.Error as error:
        return {}, f"the database raised {type(error).__name__}."
    return dict(zip(names, row, strict=True)), None


def _result(
    check: Check, found: Mapping[str, Any], *, suite: Suite, breakage: str | None
) -> CheckResult:
    if breakage:
        return judged(
            check, {}, suite=suite, stage=Stage.ROOM, is_kept=False, breakage=breakage
        )
    arguments = check.arguments
    checked = int(found["rows_checked"] or 0)
    failed = int(found[arguments["measure"]] or 0)
    is_kept = is_tolerated(
        failed,
        checked=checked,
        budget_rows=arguments["budget_rows"],
        budget_pct=arguments["budget_pct"],
    )
    observed = found.get("observed")
    counts = {
        "observed_value": failed if observed is None else observed,
        "element_count": checked,
        "unexpected_count": failed,
    }
    return judged(check, counts, suite=suite, stage=Stage.ROOM, is_kept=is_kept)
