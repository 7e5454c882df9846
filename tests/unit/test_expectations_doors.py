"""The doors: each fault that receiving might let through is planted and seen."""

from pathlib import Path
from typing import Any

import expectations_house as house
import pytest

from expectations import CheckResult, Outcome, Severity, holds_back, run_doors
from expectations.sql import filled

LOADS = [1, 2]


def doors(folder: Path, *faults: str, loads: list[int] = LOADS) -> list[CheckResult]:
    """Run the doors on a tiny archive with the faults planted."""
    return run_doors(
        house.make_archive(folder, *faults), house.make_manifest(), load_ids=loads
    )


def not_passed(results: list[CheckResult]) -> dict[str, CheckResult]:
    """Return what did not pass, by the check's name."""
    return {
        result.check_name: result
        for result in results
        if result.outcome is not Outcome.PASSED
    }


GOOD = "update ledger.load set rows_delivered = 3, rows_quarantined = 0; "
GOOD += "delete from quarantine.row"

FAULTS = {
    "columns_exist": "alter table raw_till.sales drop column _extra; "
    "alter table raw_till.sales rename column currency to other",
    "key_is_not_blank_sale_id": "update raw_till.sales set sale_id = '' where _row = 1",
    "required_is_not_blank_amount": "update raw_till.sales set amount = null "
    "where _row = 1",
    "value_is_accepted_currency": "update raw_till.sales set currency = 'XXX' "
    "where _row = 1",
    "key_is_unique_in_load": "update raw_till.sales set sale_id = 's1' where _row = 2",
    "volume_is_within_limits": "update ledger.load set rows_delivered = 11, "
    "rows_repeated = 8 where load_id = 1",
    "raw_rows_equal_ledger": "delete from raw_till.sales where _load_id = 1 "
    "and _row = 1",
    "ledger_balances": "update ledger.load set rows_repeated = 1 where load_id = 2",
    "quarantined_rows_are_kept": "update ledger.load set rows_delivered = 4, "
    "rows_quarantined = 1 where load_id = 2",
}


def test_clean_loads_pass(tmp_path: Path) -> None:
    """Loads that keep their contract pass every check, and each is reported once."""
    results = doors(tmp_path, GOOD)
    assert not_passed(results) == {}
    names = [(result.suite_name, result.check_name) for result in results]
    assert len(names) == len(set(names)) == 11


@pytest.mark.parametrize("check", FAULTS)
def test_a_planted_fault_is_seen(check: str, tmp_path: Path) -> None:
    """Each check sees the fault it is there for, and holds back."""
    found = not_passed(doors(tmp_path, GOOD, FAULTS[check]))
    assert found[check].is_error


def test_only_rows_of_the_asked_loads_are_read(tmp_path: Path) -> None:
    """What another night loaded is not checked again."""
    spoilt = "update raw_till.sales set sale_id = null where _load_id = 1"
    assert not_passed(doors(tmp_path, GOOD, spoilt, loads=[2])) == {}


def test_no_loads_no_checks(tmp_path: Path) -> None:
    """A night with nothing new does not even open the archive."""
    nowhere = tmp_path / "archive.duckdb"
    assert run_doors(nowhere, house.make_manifest(), load_ids=[]) == []


@pytest.mark.parametrize(
    ("delivered", "quarantined", "expected"),
    [
        (1000, 10, {}),
        (1000, 11, {"quarantine_is_small": Severity.WARNING}),
        (6, 5, {}),
        (8, 6, {"quarantine_is_small": Severity.WARNING}),
        (
            1000,
            201,
            {
                "quarantine_is_small": Severity.WARNING,
                "quarantine_is_bearable": Severity.ERROR,
            },
        ),
    ],
)
def test_quarantine_has_a_budget(
    delivered: int, quarantined: int, expected: dict[str, Any], tmp_path: Path
) -> None:
    """A few refused rows are told, a large part of a delivery holds the night back."""
    found = not_passed(
        doors(
            tmp_path,
            GOOD,
            filled(
                "update ledger.load set rows_delivered = $delivered, "
                "rows_quarantined = $quarantined where load_id = 1",
                delivered=delivered,
                quarantined=quarantined,
            ),
        )
    )
    assert {
        name: result.severity
        for name, result in found.items()
        if name.startswith("quarantine_is")
    } == expected


def test_results_hold_no_value_of_a_row(tmp_path: Path) -> None:
    """A refused value is counted, never quoted."""
    spoilt = "update raw_till.sales set currency = 'Zhang Wei 13800138000'"
    results = doors(tmp_path, GOOD, spoilt)
    assert holds_back(results)
    assert "Zhang" not in str(results)
