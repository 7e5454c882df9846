"""The doors: each fault that receiving might let through is planted and seen."""

from pathlib import Path
from typing import Any

import expectations_house as house
import pytest

from expectations import CheckResult, Outcome, Severity, holds_back, run_doors
from expectations.limits import LET_IN
from expectations.sql import filled
from warehouse.receiving.reasons import HELD_FOR_A_PERSON

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


@pytest.mark.parametrize("rows", [(100, 200), (200, 100)])
def test_of_loads_alike_the_last_is_told(rows: tuple[int, int], tmp_path: Path) -> None:
    """Of equal excess, which load is told does not hang on the order of rows."""
    alike = [
        filled(
            "update ledger.load set rows_delivered = $rows, rows_quarantined = 5 "
            "where load_id = $load_id",
            rows=each,
            load_id=load_id,
        )
        for load_id, each in enumerate(rows, start=1)
    ]
    results = doors(tmp_path, GOOD, *alike)
    [found] = [each for each in results if each.check_name == "quarantine_is_small"]
    assert (found.rows_checked, found.rows_failed) == (rows[-1], 5)


PROFILE = """
insert into ledger.load_profile values
(1, 'amount', '', 8), (1, 'amount', '_given', 92),
(2, 'amount', '', 12), (2, 'amount', '_given', 88)
"""


@pytest.mark.parametrize(
    ("maximum", "severity", "outcome"),
    [
        (12, "warning", Outcome.PASSED),
        (11, "warning", Outcome.FAILED),
        (5, "error", Outcome.FAILED),
    ],
)
def test_a_contract_limits_the_blanks_of_a_column(
    maximum: int, severity: str, outcome: Outcome, tmp_path: Path
) -> None:
    """Delivery by delivery, with the severity and the reason that it states."""
    manifest = house.make_manifest()
    amount = manifest["sources"]["source.till.sales"]["columns"]["amount"]
    amount["config"]["meta"]["contract"]["blanks"] = {
        "maximum_pct": maximum,
        "severity": severity,
        "reason": "clerks forget it",
    }
    archive = house.make_archive(tmp_path, GOOD, PROFILE)
    results = run_doors(archive, manifest, load_ids=LOADS)
    [found] = [each for each in results if "blanks_are_within" in each.check_name]
    assert (found.column_name, found.outcome) == ("amount", outcome)
    assert (found.severity, found.reason) == (severity, "clerks forget it")
    assert found.observed_value == "12.0 %"


def limited() -> dict[str, Any]:
    """Return the manifest with an error on the blanks of a column."""
    manifest = house.make_manifest()
    amount = manifest["sources"]["source.till.sales"]["columns"]["amount"]
    amount["config"]["meta"]["contract"]["blanks"] = {
        "maximum_pct": 5,
        "severity": "error",
        "reason": "the till cannot leave it out",
    }
    return manifest


ONE_ROW = """
update ledger.load
set delivered_name = '{name}', rows_delivered = 1, rows_loaded = 1
where load_id = 2;
delete from raw_till.sales where _load_id = 2 and _row > 1;
insert into ledger.load_profile values (2, 'amount', '', 1)
"""
MENDED = "_mended/till.sales/1-4.csv"


@pytest.mark.parametrize(("name", "holds"), [(MENDED, False), ("sales.csv", True)])
def test_a_mended_row_is_no_small_delivery(
    name: str, holds: bool, tmp_path: Path
) -> None:
    """What a person mended comes row by row, and may be blank where others are not."""
    archive = house.make_archive(tmp_path, GOOD, ONE_ROW.format(name=name))
    found = not_passed(run_doors(archive, limited(), load_ids=LOADS))
    limits = {"volume_is_within_limits", "blanks_are_within_limit_amount"}
    assert set(found) == (limits if holds else set())


REFUSED_BEFORE = """
update ledger.load
set status = 'refused', reason_code = '{reason}', reason = 'a test',
    rows_loaded = 0, sha256 = '{sha256}'
where load_id = 1;
delete from raw_till.sales where _load_id = 1 or _row > 1;
update ledger.load
set rows_delivered = 1, rows_loaded = 1, sha256 = 'same'
where load_id = 2
"""


@pytest.mark.parametrize(
    ("reason", "sha256", "holds"),
    [
        ("too_few_rows", "same", False),
        ("too_many_rows", "same", False),
        ("shrinkage", "same", False),
        ("too_few_rows", "other", True),
        ("bad_footer", "same", True),
    ],
)
def test_a_delivery_that_a_person_let_in_is_not_held_for_its_volume(
    reason: str, sha256: str, holds: bool, tmp_path: Path
) -> None:
    """Bytes that were refused for their volume come in by a person's word alone."""
    before = REFUSED_BEFORE.format(reason=reason, sha256=sha256)
    found = not_passed(doors(tmp_path, GOOD, before, loads=[2]))
    assert ("volume_is_within_limits" in found) is holds


def test_the_doors_let_in_what_a_person_may() -> None:
    """Two rooms that may not lean on each other say the same reasons."""
    assert set(LET_IN) == HELD_FOR_A_PERSON


def test_a_contract_has_its_own_shares_of_quarantine(tmp_path: Path) -> None:
    """What is everyday for one source is not for all."""
    manifest = house.make_manifest()
    contract = manifest["sources"]["source.till.sales"]["config"]["meta"]["contract"]
    contract["quarantine"] = {
        "small_pct": 10,
        "bearable_pct": 60,
        "reason": "typed by hand",
    }
    half = (
        "update ledger.load set rows_delivered = 1000, rows_quarantined = 500 "
        "where load_id = 1"
    )
    archive = house.make_archive(tmp_path, GOOD, half)
    found = not_passed(run_doors(archive, manifest, load_ids=LOADS))
    assert found["quarantine_is_small"].reason == "typed by hand"
    assert "quarantine_is_bearable" not in found


def test_what_failed_says_why_and_what_to_do(tmp_path: Path) -> None:
    """Every result carries the reason of its severity, and the mend."""
    results = doors(tmp_path, GOOD, FAULTS["volume_is_within_limits"])
    assert all(result.reason and result.next_step for result in results)
    found = not_passed(results)["volume_is_within_limits"]
    assert found.next_step and "`rows` of the contract" in found.next_step


def test_rows_that_were_given_up_no_longer_count(tmp_path: Path) -> None:
    """What has had its last word waits for nobody."""
    many = (
        "insert into quarantine.row select 1, 'till', 'sales', 'sales.csv', i, i, "
        "'value', 'bad', null, 'x'::blob from range(1, 41) as numbers (i); "
        "update ledger.load set rows_delivered = 100, rows_quarantined = 40 "
        "where load_id = 1"
    )
    given_up = (
        "insert into raw_steward.quarantine_decisions select 3, i, false, '1', i, "
        "'given_up', 'Al', '2026-01-06 10:00:00', 'a test', '', null, null "
        "from range(1, {}) as numbers (i)"
    )
    for last, told in ((20, True), (21, False), (41, False)):
        (folder := tmp_path / str(last)).mkdir()
        found = not_passed(doors(folder, GOOD, many, given_up.format(last)))
        assert ("quarantine_is_bearable" in found) is told
        assert ("quarantine_is_small" in found) is (last < 41)


def test_results_hold_no_value_of_a_row(tmp_path: Path) -> None:
    """A refused value is counted, never quoted."""
    spoilt = "update raw_till.sales set currency = 'Zhang Wei 13800138000'"
    results = doors(tmp_path, GOOD, spoilt)
    assert holds_back(results)
    assert "Zhang" not in str(results)
