"""What many have in common: a phone of ten thousand, a home for fifteen hundred.

The first is no evidence, and is listed. The second would bring more pairs than a night
may compare, so the night says so before it compares any, and publishes nothing.
"""

import json
from pathlib import Path

import pytest
from crowd_world import MEMBERS, PHONE, Once, made_crowd, name, people
from night_world import Nights

from warehouse.errors import ExitCode

SECOND = "2026-01-05"
NEWCOMERS = 1_500


@pytest.fixture(scope="module")
def crowd(once: Once) -> Nights:
    """A night in which ten thousand state one phone, and nothing else in common."""
    return made_crowd(once)


def test_a_phone_of_ten_thousand_merges_nobody_and_is_listed(crowd: Nights) -> None:
    """Nor does it bring households together; the list shows no number."""
    [(customers, homes)] = crowd.rows(
        "select count(distinct customer_id), count(distinct household_id) "
        "from descriptive.bridge_customer_identity "
        "left join descriptive.bridge_household_member using (customer_id) "
        "where source_name = 'desk'"
    )
    assert (customers, homes) == (MEMBERS, MEMBERS)
    said = crowd.done("identity", "shared", "--json")
    [listed] = [json.loads(line) for line in said.splitlines()]
    assert (listed["attribute"], listed["records"]) == ("phone_standard", MEMBERS)
    assert PHONE[4:] not in said


def test_a_night_beyond_its_budget_fails_before_it_compares(
    crowd: Nights, tmp_path: Path
) -> None:
    """It names the rule, the value as far as it may be shown, and who holds it."""
    house = crowd.copy(tmp_path / "home")
    rows = (
        f"n{n},{name(MEMBERS + n)},1999-09-09,{n} New Street,99999,Jena,,,"
        "2020-01-01 00:00:00"
        for n in range(NEWCOMERS)
    )
    house.deliver(SECOND, "people.csv", people(rows))
    result = house.run("night")
    assert result.returncode == ExitCode.FAILED, result.stderr
    for expected in ("birth_date", "postcode_standard", "1,124,250", "1,000,000"):
        assert expected in result.stderr
    assert "1999-09-09" not in result.stderr
    assert [each.name for each in house.settings.places.published.glob("r-*")] == [
        "r-000001"
    ]
    assert house.settings.places.current.resolve().name == "r-000001"
