"""The demo's deliveries pass the doors: nothing refused, what is bad is set aside."""

from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.clock import SteppingClock
from warehouse.company import read_company
from warehouse.demo import generate
from warehouse.receiving import Load, receive_date, unclaimed
from warehouse.receiving.waiting import date_folders
from warehouse.settings import Settings


def test_only_planted_rows_go_to_quarantine_and_no_file_is_refused(
    tmp_path: Path,
) -> None:
    """Each bad row that was planted is caught, and no good one."""
    settings = Settings(home=tmp_path, company="demo")
    made = generate(settings, customers=1_000, days=5, seed=3, lines_per_customer=2)
    company = read_company(settings)
    clock = SteppingClock(datetime(2026, 2, 1))
    loads: list[Load] = []
    for on in date_folders(company.landing_folder(settings)):
        loads += receive_date(settings, company, on, clock=clock)
    with duckdb.connect() as connection:
        planted = connection.read_parquet(str(made.truth / "planted.parquet"))
        bad = planted.filter("kind = 'bad_row'").count("*").fetchone()
    assert bad is not None
    assert [load.delivered_name for load in loads if load.status == "refused"] == []
    assert sum(load.rows_quarantined for load in loads) == bad[0]
    assert any(load.status == "repeated" and load.rows_repeated for load in loads)
    assert any(load.rows_deleted for load in loads)
    assert unclaimed(settings, company) == []
