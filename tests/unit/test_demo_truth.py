"""The truth about the demo company: complete, as frequent as promised, and hidden."""

import re
from collections import Counter

import duckdb
import openpyxl
import pytest
from demo_world import (
    lines_of,
    make,
    read_truth,
    table_of,
    value,
)

from warehouse.demo import DemoSummary
from warehouse.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    """Make the deliveries once for all tests of this module."""
    return make(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def records(demo: DemoSummary) -> duckdb.DuckDBPyConnection:
    """Open the truth as tables `record` and `planted`."""
    return read_truth(demo)


def test_three_in_ten_are_known_to_two_sources(
    records: duckdb.DuckDBPyConnection,
) -> None:
    """About 30 % recur across sources, besides the small lists of the broker."""
    share = value(
        records,
        "select avg(cast(source_count > 1 as integer)) from (select party_id, "
        "count(distinct source_name) as source_count from record "
        "where source_name <> 'list_broker' group by party_id)",
    )
    assert share == pytest.approx(0.30, abs=0.03)


def test_a_quarter_of_persons_shares_a_household(
    records: duckdb.DuckDBPyConnection,
) -> None:
    """About 25 % of persons live with another customer."""
    share = value(
        records,
        "with person as (select distinct party_id, household_id from record "
        "where household_id is not null), home as (select household_id, count(*) as "
        "size from person group by household_id) select sum(size) filter (size > 1) "
        "/ sum(size) from home",
    )
    assert share == pytest.approx(0.27, abs=0.03)


@pytest.mark.parametrize(
    ("kind", "share", "margin"),
    [
        ("typo_in_name", 0.06, 0.01),
        ("typo_in_address", 0.06, 0.01),
        ("moved", 0.10, 0.02),
        ("renamed", 0.03, 0.01),
        ("dead_mailbox", 0.03, 0.01),
        ("wrong_number", 0.04, 0.01),
    ],
)
def test_share_of_records_with_a_planted_change(
    records: duckdb.DuckDBPyConnection, kind: str, share: float, margin: float
) -> None:
    """Typing errors, moves and changed names are as frequent as promised."""
    found = value(
        records,
        "select count(*) filter (kind = ?) / (select count(*) from record) "
        "from planted",
        kind,
    )
    assert found == pytest.approx(share, abs=margin)


@pytest.mark.parametrize(
    "kind",
    [
        *("twin", "namesake", "late", "repeat", "left_out", "corrected"),
        *("registered_twice", "wrong_region", "contact_as_occupation"),
        *("profit_overstated", "founded_to_come"),
    ],
)
def test_rarer_things_are_planted(
    records: duckdb.DuckDBPyConnection, kind: str
) -> None:
    """Each kind of trouble is there at least once."""
    assert value(records, "select count(*) from planted where kind = ?", kind) > 0


def test_every_party_record_delivered_is_in_the_truth_once(
    demo: DemoSummary, records: duckdb.DuckDBPyConnection
) -> None:
    """The truth names each delivered record exactly once, and no other."""
    delivered = set()
    for source, table in (
        ("web", "registrations"),
        ("member", "cards"),
        ("list_alpha", "names"),
        ("list_beta", "names"),
        ("list_broker", "names"),
    ):
        contract = table_of(source, table)
        for path in demo.landing.glob(f"*/{contract.place}"):
            rows = lines_of(path, contract)[1:]
            delivered |= {(source, row[0]) for row in rows}
    for path in demo.landing.glob("*/crm/*.xlsx"):
        sheet = openpyxl.load_workbook(path, read_only=True)["organisations"]
        rows_of_sheet = sheet.iter_rows(min_row=2, max_col=1, values_only=True)
        delivered |= {("crm", str(row[0])) for row in rows_of_sheet}
    found = records.execute(
        "select source_name, source_record_id from record"
    ).fetchall()
    good = {pair for pair in delivered if not pair[1].startswith("BAD")}
    assert Counter(found) == Counter(good)
    assert len(found) == demo.party_records


def test_nothing_but_tests_reads_the_truth() -> None:
    """Who is who must be found out, never looked up.

    `company.yml` names the truth for the estimates of error: they are made of links
    that are there, and identification knows nothing of them.
    """
    reading = re.compile(r"records\.parquet|planted\.parquet|[\"'/]truth/")
    own = ("warehouse/demo/", "companies/demo/company.yml")
    for folder in (
        "warehouse",
        "pipelines",
        "expectations",
        "models",
        "macros",
        "companies",
    ):
        for path in (PROJECT_ROOT / folder).rglob("*"):
            name = path.relative_to(PROJECT_ROOT).as_posix()
            is_text = path.suffix in {".py", ".sql", ".yml"}
            if is_text and not name.startswith(own):
                text = path.read_text(encoding="utf-8")
                assert not reading.search(text), name
    for path in (PROJECT_ROOT / "warehouse/identity").rglob("*.py"):
        assert ".truth" not in path.read_text(encoding="utf-8"), path.name
