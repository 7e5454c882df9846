"""The checks of the rooms before the marts, made from the tests that their yml declare.

The promises are those of the gate, and so are their rules; what they count is asked of
the database directly, one scan a table, for nothing of it is published: a room that
breaks a promise ends the night where it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import duckdb

from expectations.declared import Node, Promise, is_stated_in_full
from expectations.judging import is_tolerated, judged
from expectations.promises import KNOWN, checks_of
from expectations.results import CheckResult, Stage
from expectations.suites import Check, Suite

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
) -> Iterator[CheckResult]:
    """Check what was built against the data tests that are declared of it.

    Args:
        connection: Reads the work database, with what its views read.
        manifest: dbt's manifest.
        tests: Data tests of the manifest, all of which `can_check`.

    Yields:
        One result per test.
    """
    declared = {str(test["name"]) for test in tests}
    by_model: dict[str, list[Promise]] = {}
    for test in sorted(tests, key=lambda test: str(test["name"])):
        promise = Promise(test, manifest)
        by_model.setdefault(promise.model["name"], []).append(promise)
    for name, promises in sorted(by_model.items()):
        schema = promises[0].model["schema"]
        suite = Suite(
            name=f"room.{schema}.{name}",
            table=f"{schema}.{name}",
            rows=promises[0].table,
            checks=[each for each in checks_of(promises) if each.name in declared],
        )
        yield from _checked(connection, suite)


def _checked(
    connection: duckdb.DuckDBPyConnection, suite: Suite
) -> Iterator[CheckResult]:
    by_query: dict[str, list[Check]] = {}
    for check in suite.checks:
        by_query.setdefault(check.arguments["query"], []).append(check)
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
