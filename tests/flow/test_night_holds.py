"""What holds a night back, and how it goes on: refusals, quarantine, the gate."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from night_world import Nights, open_company

from warehouse.errors import ExitCode, HeldError
from warehouse.receiving import MENDS

Once = Callable[[str, Callable[[Path], None]], Path]

HEADER = "member,name,email,city\n"
MEMBERS = [f"{n},Ann {n},ann{n}@example.com,Berlin\n" for n in range(1, 9)]
SALES_HEADER = "receipt,line,member,sold_at,quantity,amount\n"
GOOD_SALE = "r1,1,1,2026-01-05 10:00:00,1,12.50\n"
BAD_SALE = "r2,1,2,2026-01-05 11:00:00,1,a few\n"
NEXT_SALE = "r3,1,1,2026-01-06 10:00:00,1,2.00\n"
UNCLOSED = 'r4,1,"1,2026-01-06 10:00:00,1,2.00\n'

SALES = "select order_number, net_amount from behavioural.fct_sale order by all"
ENDED = """
select load_key, row_number, state, closed_load_key
from quality.fct_quarantine order by load_key, row_number
"""
DELETED = """
select count(*) from descriptive.dim_customer where is_current and is_deleted
"""
FAILED = """
select distinct severity, table_name
from quality.fct_check_result where not is_passed
"""


@pytest.fixture(scope="session")
def first_night(once: Once) -> Nights:
    """The tiny company after a night that left one row in quarantine."""

    def make(folder: Path) -> None:
        house = open_company(folder, "tiny")
        house.deliver("2026-01-05", "members.csv", HEADER + "".join(MEMBERS))
        house.deliver("2026-01-05", "sales.csv", SALES_HEADER + GOOD_SALE + BAD_SALE)
        house.night()

    return open_company(once("tiny_first_night", make), "tiny")


@pytest.fixture
def after_first_night(first_night: Nights, tmp_path: Path) -> Nights:
    """A copy of its house, to go on from."""
    return first_night.copy(tmp_path / "home")


def released(house: Nights) -> str:
    """Name the release that readers open."""
    return house.settings.places.current.resolve().name


def receive_what_is_refused(house: Nights) -> None:
    """Lay a snapshot that lost most of its keys, and a file with an open quote."""
    house.deliver("2026-01-06", "members.csv", HEADER + MEMBERS[0])
    house.deliver("2026-01-06", "sales.csv", SALES_HEADER + NEXT_SALE + UNCLOSED)
    house.receive()


def waits(house: Nights) -> list[str]:
    """Say what status shows of deliveries and rows that wait for a person."""
    status = json.loads(house.done("status", "--json"))
    assert status["waiting"] == 0
    refused = [f"{row[3]} of {row[2]}" for row in status["refused"]]
    return refused + [f"{count} {code}" for code, count in status["quarantined"]]


def work_it_off(house: Nights) -> None:
    """Mend the row by a sheet, and let the snapshot in, as a steward would."""
    listed = house.done("quarantine", "--json", "--date", "2026-01-05")
    [waiting] = map(json.loads, listed.splitlines())
    assert (waiting["line"], waiting["column"]) == (3, "amount")
    assert "not_a_number" in house.done("quarantine")
    sheet = house.settings.home / "sheet.csv"
    assert "only you may read it" in house.done("quarantine", "export", str(sheet))
    sheet.write_text(sheet.read_text("utf-8-sig").replace("a few", "3"), "utf-8")
    mending = ("quarantine", "mend", "--from", str(sheet), "--why", "the till roll")
    asked = house.run(*mending)
    assert "1 rows are mended: amount in 1" in asked.stdout
    assert (asked.returncode, "--yes" in asked.stderr) == (ExitCode.WRONG_USE, True)
    many = house.run("quarantine", "give-up", "--reason", "not_a_number", "--why", "no")
    assert "1 rows would be given up; nothing is written yet" in many.stderr
    assert many.returncode == ExitCode.WRONG_USE
    house.done(*mending, "--yes")
    house.done("quarantine", "accept", "3", "--why", "a holiday")


def rolled_back(house: Nights) -> str:
    """Go back a release, run a night, and return what it says."""
    house.done("rollback")
    return house.done("night")


def test_refused_held_and_bad_rows_come_in_once_mended(
    after_first_night: Nights,
) -> None:
    """The version before stays published until a night goes through."""
    house = after_first_night
    assert house.rows(SALES) == [("r1", 12.5)]
    with pytest.raises(HeldError) as refused:
        receive_what_is_refused(house)
    said = str(refused.value)
    assert refused.value.exit_code is ExitCode.HELD
    assert "2 deliveries are refused" in said
    assert "2026-01-06/members.csv (load 3)" in said
    assert "7 of 8 keys would go" in said
    assert MENDS["shrinkage"] in said
    assert released(house) == "r-000001"
    assert waits(house) == [
        *("shrinkage of members.csv", "quote_unclosed of sales.csv"),
        "1 not_a_number",
    ]
    again = house.run("night")
    assert again.returncode == ExitCode.HELD
    assert "2 deliveries are refused" in again.stderr

    work_it_off(house)
    house.deliver("2026-01-06", "sales.csv", SALES_HEADER + NEXT_SALE)
    assert house.night().release == "r-000002"
    assert released(house) == "r-000002"
    assert waits(house) == []
    assert house.rows(SALES) == [("r1", 12.5), ("r2", 3), ("r3", 2)]
    assert house.rows(ENDED) == [
        *(("2", 2, "mended", "5"), ("3", 0, "accepted", "6")),
        ("4", 0, "mended", "7"),
    ]
    assert house.rows(DELETED) == [(7,)]

    assert "Nothing new was delivered; r-000001 stays" in rolled_back(house)


@pytest.mark.parametrize(
    ("fault", "table"),
    [
        pytest.param(
            "insert into behavioural.fct_sale from behavioural.fct_sale",
            "behavioural.fct_sale",
            id="a sale counted twice",
        ),
        pytest.param(
            "update descriptive.dim_customer set valid_from = timestamp '2000-01-01' "
            "where customer_id <> '_unknown'",
            "descriptive.dim_customer",
            id="a gap before the first version",
        ),
        pytest.param(
            "update aggregates.agg_sales set net_amount = net_amount + 1 "
            "where time_level = 'month'",
            "aggregates.agg_sales",
            id="sums that do not add up",
        ),
    ],
)
def test_the_gate_keeps_a_faulty_build_aside(
    after_first_night: Nights, fault: str, table: str
) -> None:
    """Readers stay where they are; what was found lies inside the held release."""
    house = after_first_night
    house.tamper(fault)
    _, held = house.check_and_release()
    assert held.is_held
    assert held.folder.name == "r-000002.held"
    assert released(house) == "r-000001"
    with duckdb.connect(str(held.marts), read_only=True) as connection:
        assert ("error", table) in connection.execute(FAILED).fetchall()
    assert house.rows(FAILED) == []


def test_a_warning_holds_nothing_back(after_first_night: Nights) -> None:
    """It is published, for a person to read."""
    house = after_first_night
    house.tamper(
        """
        insert into quality.fct_unknown_code by name
        select
            'key' as unknown_code_key, dim_source.source_key, dim_load.load_key,
            dim_load.load_key as last_load_key, 'party' as entity_name,
            'sex_code' as column_name, 'sex' as dictionary_name,
            'unheard of' as code, 5 as row_count, 10 as stated_count
        from shared.dim_source cross join shared.dim_load
        where dim_source.source_key <> '_unknown' and dim_load.load_key <> '_unknown'
        limit 1
        """
    )
    results, release = house.check_and_release()
    assert not release.is_held
    assert released(house) == "r-000002"
    assert {each.severity for each in results if each.outcome != "passed"} == {
        "warning"
    }
    assert house.rows(FAILED) == [("warning", "quality.fct_unknown_code")]
    [shown] = json.loads(house.done("status", "--json"))["checks"]
    assert shown[:3] == ["warning", "failed", "quality.fct_unknown_code"]


def test_a_fault_of_the_companys_models_holds_the_command_back(
    after_first_night: Nights, tmp_path: Path
) -> None:
    """`clientele night` says which check failed, and ends with the code for it."""
    house = open_company(tmp_path, "tiny")
    sources = house.settings.companies / "tiny" / "sources"
    model = sources / "desk" / "stg_desk__sales.sql"
    said = model.read_text(encoding="utf-8")
    loses_all = said.replace(
        "    from source\n)", "    from source\n    where false\n)"
    )
    assert loses_all != said
    model.write_text(loses_all, encoding="utf-8")
    result = house.run("night")
    assert result.returncode == ExitCode.HELD
    assert "checks of level error did not pass" in result.stderr
    assert "Still published: r-000001" in result.stdout
    assert released(house) == "r-000001"
