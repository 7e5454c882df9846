"""Runs suites with Great Expectations, in SQL, in the database.

Great Expectations takes seconds to import, so nothing here does it before a suite is
run, and all suites of a process share one context. SQLAlchemy stays behind `_opened`.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb

from expectations.counting import AT_ONCE, Memory, counting
from expectations.judging import judged
from expectations.results import CheckResult, OnResult, Severity, Stage
from expectations.sql import filled, quoted, text
from expectations.suites import COUNTED, Check, Suite

Options = Mapping[str, str | int]
"""Settings of DuckDB, such as `temp_directory`, `threads` and `memory_limit`."""

Foreign = Any
"""What Great Expectations makes; it carries no types that a checker could follow."""

_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
_GX_SEVERITY = {
    Severity.ERROR: "critical",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "info",
}
_TOLD_ERROR = re.compile("(Binder|Catalog|Parser) Error.*")
"""Errors about names; the text of any other may quote a value of a row."""


@cache
def great_expectations() -> Foreign:
    """Import Great Expectations, once, with its analytics off."""
    # It reads this when it is imported; nobody else may depend on it.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    return gx


@cache
def _context() -> Foreign:
    context = great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context


@contextmanager
def _opened(
    database: Path, *, attached: Mapping[str, Path], options: Options
) -> Iterator[tuple[Foreign, Foreign]]:
    from sqlalchemy import URL

    context = _context()
    source = context.data_sources.add_or_update_sql(
        name=database.stem,
        connection_string=URL.create("duckdb", database=str(database)).render_as_string(
            hide_password=False
        ),
        create_temp_table=False,
        kwargs={
            "isolation_level": "AUTOCOMMIT",
            "skip_autocommit_rollback": True,
            "connect_args": {"read_only": True, "config": dict(options)},
        },
    )
    engine = source.get_engine()
    try:
        # Connections to one file in one process share what one of them attaches.
        with engine.connect() as connection:
            for statement in _attaching(attached):
                connection.exec_driver_sql(statement)
            opened = connection.connection.driver_connection
            with closing(opened.duplicate()) as reader:
                yield source, reader
    finally:
        # The file must be free again for the writer that follows.
        source.get_execution_engine().close()
        engine.dispose()
        context.data_sources.delete(database.stem)


@contextmanager
def reading(
    database: Path, *, attached: Mapping[str, Path], options: Options
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database to be read, with others beside it, as suites are to be run on."""
    config: dict[str, Any] = dict(options)
    with duckdb.connect(str(database), read_only=True, config=config) as connection:
        for statement in _attaching(attached):
            connection.execute(statement)
        yield connection


def _attaching(attached: Mapping[str, Path]) -> list[str]:
    return [
        f"attach {text(str(path))} as {quoted(alias)} (read_only)"
        for alias, path in attached.items()
    ]


def run_suites(
    database: Path,
    suites: Sequence[Suite],
    *,
    stage: Stage,
    attached: Mapping[str, Path] | None = None,
    options: Options | None = None,
    on_result: OnResult | None = None,
    memory: Memory | None = None,
) -> list[CheckResult]:
    """Run the suites on a database, read-only, and tell what each check found.

    Args:
        database: The DuckDB file; nobody in this process may have it open for writing.
        suites: What to check.
        stage: What to note as stage in the results.
        attached: More database files, by alias.
        options: Settings of DuckDB.
        on_result: Called with each result as it comes.
        memory: What queries counted before, where that still holds.

    Returns:
        One result per check, in the order of suites and checks.
    """
    results = []
    options = options or {}
    with (
        _opened(database, attached=attached or {}, options=options) as (source, reader),
        counting(reader, _queries(suites), at_once=_at_once(options), memory=memory),
    ):
        batches = _Batches(source)
        for suite in suites:
            for result in _run_suite(batches.of(suite), suite, stage=stage):
                results.append(result)
                if on_result:
                    on_result(result)
    return results


def _queries(suites: Sequence[Suite]) -> dict[str, str | None]:
    return {
        check.query: check.brief
        for suite in suites
        for check in suite.checks
        if check.expectation == COUNTED
    }


def _at_once(options: Options) -> int:
    return min(int(options.get("threads") or os.cpu_count() or 1), AT_ONCE)


@dataclass(frozen=True)
class _Batches:
    """The batches of a run.

    Checks that count name their tables themselves, so all suites of such checks share
    one batch of nothing: Great Expectations writes its whole configuration, which grows
    with each asset, twice for every asset that is added.
    """

    source: Foreign

    def of(self, suite: Suite) -> Foreign:
        """Return the batch to run a suite on."""
        if all(check.expectation == COUNTED for check in suite.checks):
            return self._nothing
        return self._batch(suite.name, suite.rows)

    @cached_property
    def _nothing(self) -> Foreign:
        return self._batch("nothing", "(select 1 as one) as nothing")

    def _batch(self, name: str, rows: str) -> Foreign:
        asset = self.source.add_query_asset(
            name=name, query=filled("select * from $rows", rows=rows)
        )
        return asset.add_batch_definition_whole_table("all").get_batch()


def _run_suite(batch: Foreign, suite: Suite, *, stage: Stage) -> list[CheckResult]:
    gx = great_expectations()
    validated = batch.validate(
        gx.ExpectationSuite(
            name=suite.name,
            expectations=[
                _expectation(check, number) for number, check in enumerate(suite.checks)
            ],
        ),
        result_format=_RESULT_FORMAT,
    )
    found = {
        found.expectation_config.meta["number"]: found for found in validated.results
    }
    return [
        _result(found[number], check, suite=suite, stage=stage)
        for number, check in enumerate(suite.checks)
    ]


def _expectation(check: Check, number: int) -> Foreign:
    from great_expectations import expectations as gxe

    from expectations import custom

    kind = getattr(custom if check.expectation == COUNTED else gxe, check.expectation)
    return kind(
        **check.arguments,
        description=check.says,
        severity=_GX_SEVERITY[check.rule.severity],
        meta={"number": number},
    )


def _result(found: Foreign, check: Check, *, suite: Suite, stage: Stage) -> CheckResult:
    return judged(
        check,
        found.result,
        suite=suite,
        stage=stage,
        is_kept=bool(found.success),
        breakage=_breakage(found.exception_info),
    )


def _breakage(exception_info: dict[str, Any]) -> str | None:
    """Return why a check could not run, without any value of the data."""
    nested = [info for info in exception_info.values() if isinstance(info, dict)]
    for info in nested or [exception_info]:
        if info.get("raised_exception"):
            lines = str(info["exception_message"]).splitlines()
            told = [line for line in lines if _TOLD_ERROR.search(line)]
            return told[0] if told else "the database raised an error."
    return None
