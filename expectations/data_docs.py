"""Renders results as Great Expectations' Data Docs, to be read without a network.

The pages are made from results alone, so those of any night can be made again from
`checks.result`. Great Expectations draws style and scripts from outside: both are taken
out, and `data_docs.css` laid beside the pages instead.
"""

import re
import shutil
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from expectations.engine import Foreign, great_expectations
from expectations.results import CheckResult, Outcome, Severity
from expectations.suites import COUNTED

STYLE = Path(__file__).with_name("data_docs.css")

_OUTSIDE = re.compile(
    r"<script\b.*?</script>|<link\b[^>]*>|<style\b.*?</style>|<img\b[^>]*>"
    r"|<footer\b.*?</footer>",
    re.DOTALL,
)
_SUITE_LINK = re.compile(r'<a href="[^"]*/expectations/[^"]*"\s*>(.*?)</a>', re.DOTALL)
_HOME_LINK = re.compile(r'href="[./]*/index\.html"')

INDEX = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Checks</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<div class="container-fluid">
<h1>Checks</h1>
<p class="lead">{summary}</p>
{to_do}
<table class="table">
<thead><tr><th>Table</th><th>Suite</th><th>Passed</th><th>Failed</th><th>Broken</th></tr>
</thead>
<tbody>
{rows}
</tbody>
</table>
</div>
</body>
</html>
"""


TO_DO = """<table class="table">
<thead><tr><th>Severity</th><th>Table</th><th>What did not pass</th><th>To do</th></tr>
</thead>
<tbody>
{rows}
</tbody>
</table>"""


def write_data_docs(results: Sequence[CheckResult], folder: Path) -> Path:
    """Write one page per suite, and an index of them.

    Args:
        results: What doors and gate found.
        folder: Where to write; pages of an earlier night in it are removed.

    Returns:
        The index page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for page in folder.glob("*.html"):
        page.unlink()
    shutil.copyfile(STYLE, folder / STYLE.name)
    by_suite = {
        name: list(found)
        for name, found in groupby(
            sorted(results, key=lambda result: result.suite_name),
            key=lambda result: result.suite_name,
        )
    }
    for name, found in by_suite.items():
        page = folder / f"{name}.html"
        page.write_text(_offline(_page(name, found)), encoding="utf-8")
    index = folder / "index.html"
    listed = _index(by_suite.values(), to_do=_to_do(results))
    index.write_text(listed, encoding="utf-8")
    return index


def _page(name: str, results: Sequence[CheckResult]) -> str:
    """Render one suite's results with Great Expectations' own renderers."""
    gx = great_expectations()
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.render.renderer import ValidationResultsPageRenderer

    passed = sum(result.outcome is Outcome.PASSED for result in results)
    validated = ExpectationSuiteValidationResult(
        success=passed == len(results),
        results=[_found(result) for result in results],
        suite_name=name,
        suite_parameters={},
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(results) - passed,
            "success_percent": 100 * passed / len(results),
        },
        meta={
            "great_expectations_version": gx.__version__,
            "batch_spec": {"data_asset_name": results[0].table_name},
        },
    )
    document = ValidationResultsPageRenderer().render(validated)
    return str(_view().render(document, show_how_to_buttons=False))


@cache
def _view() -> Foreign:
    """Return the view that all pages share: it compiles its templates once."""
    from great_expectations.render.view import DefaultJinjaPageView

    return DefaultJinjaPageView()


def _found(result: CheckResult) -> Foreign:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import (
        ExpectationConfiguration,
    )

    from expectations import custom

    broken = result.outcome is Outcome.BROKEN
    column = {"column": result.column_name} if result.column_name else {}
    return ExpectationValidationResult(
        success=result.outcome is Outcome.PASSED,
        expectation_config=ExpectationConfiguration(
            type=getattr(custom, COUNTED).expectation_type,
            kwargs={"query": "", "measure": "", **column},
            description=_description(result),
        ),
        result={"observed_value": escape(_observed(result))},
        exception_info={
            "raised_exception": broken,
            "exception_message": escape(result.check_name),
            "exception_traceback": "",
        },
    )


def _description(result: CheckResult) -> str:
    """Say the promise, its severity and why; of one not kept, what to do."""
    said = (
        f"{escape(result.message)} <span class='severity'>{result.severity}</span> "
        f"<span class='reason'>{escape(result.reason or '')}</span>"
    )
    if result.outcome is Outcome.PASSED or not result.next_step:
        return said
    return f"{said} <div class='next-step'>To do: {escape(result.next_step)}</div>"


def _observed(result: CheckResult) -> str:
    if result.rows_checked is None:
        return result.observed_value or "-"
    counts = f"{result.rows_failed or 0:,} of {result.rows_checked:,}"
    if result.observed_value in (None, str(result.rows_failed)):
        return counts
    return f"{result.observed_value} ({counts})"


def _offline(page: str) -> str:
    page = _OUTSIDE.sub("", page)
    page = _SUITE_LINK.sub(r"\1", page)
    page = page.replace(" / __none__", "")
    page = _HOME_LINK.sub('href="index.html"', page)
    return page.replace(
        "</head>", f'<link rel="stylesheet" href="{STYLE.name}"></head>', 1
    )


def _to_do(results: Sequence[CheckResult]) -> str:
    """List what did not pass, the gravest first, each with what to do."""
    gravest = list(Severity)
    found = sorted(
        (result for result in results if result.outcome is not Outcome.PASSED),
        key=lambda result: (gravest.index(result.severity), result.table_name),
    )
    rows = "\n".join(
        f'<tr><td class="{result.outcome}">{result.severity}</td>'
        f'<td><a href="{escape(result.suite_name)}.html">{escape(result.table_name)}'
        f"</a></td><td>{escape(result.message)}</td>"
        f"<td>{escape(result.next_step or '')}</td></tr>"
        for result in found
    )
    return TO_DO.format(rows=rows) if found else ""


def _index(suites: Iterable[Sequence[CheckResult]], *, to_do: str) -> str:
    counts = dict.fromkeys(Outcome, 0)
    rows = []
    for results in suites:
        found = {
            outcome: sum(result.outcome is outcome for result in results)
            for outcome in Outcome
        }
        counts = {outcome: counts[outcome] + found[outcome] for outcome in Outcome}
        cells = "".join(
            f'<td class="{outcome if found[outcome] else "none"}">{found[outcome]}</td>'
            for outcome in Outcome
        )
        name = escape(results[0].suite_name)
        rows.append(
            f"<tr><td>{escape(results[0].table_name)}</td>"
            f'<td><a href="{name}.html">{name}</a></td>{cells}</tr>'
        )
    summary = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
    return INDEX.format(
        style=STYLE.name, summary=summary, to_do=to_do, rows="\n".join(rows)
    )
