"""Data Docs: pages that need no network and hold what was found."""

import re
from dataclasses import replace
from pathlib import Path

from expectations import CheckResult, Outcome, Severity, Stage, write_data_docs

PASSED = CheckResult(
    stage=Stage.GATE,
    suite_name="gate.behavioural.fct_sale",
    check_name="not_null_fct_sale_customer_key",
    table_name="behavioural.fct_sale",
    column_name="customer_key",
    severity=Severity.ERROR,
    outcome=Outcome.PASSED,
    observed_value="0",
    rows_checked=1234,
    rows_failed=0,
    message="customer_key is never null.",
    reason="Readers were promised a value.",
    next_step="Look at the model.",
)
FAILED = replace(
    PASSED,
    check_name="holds_for_every_row",
    column_name=None,
    outcome=Outcome.FAILED,
    observed_value="3",
    rows_failed=3,
    message="Of every row: net_amount < gross_amount. 3 of 1,234 fail.",
)
BROKEN = replace(
    PASSED,
    suite_name="gate.totals",
    outcome=Outcome.BROKEN,
    observed_value=None,
    rows_checked=None,
    rows_failed=None,
    message="The check could not run.",
)


def test_pages_show_what_was_found(tmp_path: Path) -> None:
    """The index counts the outcomes; a suite's page says each promise."""
    index = write_data_docs([PASSED, FAILED, BROKEN], tmp_path / "docs")
    assert "1 passed, 1 failed, 1 broken" in index.read_text(encoding="utf-8")
    page = index.with_name("gate.behavioural.fct_sale.html")
    text = page.read_text(encoding="utf-8")
    assert "customer_key is never null." in text
    assert "net_amount &lt; gross_amount" in text
    assert "3 of 1,234" in text
    assert "Readers were promised a value." in text
    assert text.count("To do: Look at the model.") == 1


def test_the_index_begins_with_what_to_do(tmp_path: Path) -> None:
    """What did not pass, the gravest first, each with its next step; nothing else."""
    warned = replace(FAILED, severity=Severity.WARNING, message="A warning.")
    index = write_data_docs([PASSED, warned, BROKEN], tmp_path)
    text = index.read_text(encoding="utf-8")
    assert text.index("could not run") < text.index("A warning.")
    assert text.count("Look at the model.") == 2
    clean = write_data_docs([PASSED], tmp_path).read_text(encoding="utf-8")
    assert "To do" not in clean


def test_pages_need_no_network(tmp_path: Path) -> None:
    """Every link of every page leads to a file beside it."""
    index = write_data_docs([PASSED, FAILED, BROKEN], tmp_path)
    for page in tmp_path.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        links = re.findall(r'(?:href|src)="([^"#]+)', text)
        assert all((index.parent / link).is_file() for link in links)
        assert "<script" not in text and "://" not in text


def test_pages_of_an_earlier_night_are_gone(tmp_path: Path) -> None:
    """The folder holds what this night found and nothing else."""
    write_data_docs([BROKEN], tmp_path)
    write_data_docs([PASSED], tmp_path)
    assert sorted(page.name for page in tmp_path.iterdir()) == [
        "data_docs.css",
        "gate.behavioural.fct_sale.html",
        "index.html",
    ]
