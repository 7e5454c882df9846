"""What many have in common: a phone of ten thousand, a home for fifteen hundred.

The first is no evidence, and is listed. The second would bring more pairs than a night
may compare, so the night says so before it compares any, and publishes nothing.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from night_world import Nights, open_company

from warehouse.errors import ExitCode

Once = Callable[[str, Callable[[Path], None]], Path]

FIRST, SECOND = "2026-01-04", "2026-01-05"

HEADER = "person,name,born,address,postcode,city,phone,member,changed"
MEMBERS, NEWCOMERS = 10_000, 1_500
PHONE = "+493023125000"


def name(number: int) -> str:
    """Return a name that nobody else has, nor one like it."""
    letters = "abdegiklmoprstuv"
    word = "".join(letters[number >> 4 * place & 15] for place in range(4))
    return f"{word.capitalize()}{word[::-1]} {word[::2].capitalize()}{word}"


def people(rows: Iterable[str]) -> str:
    """Write a delivery."""
    return "\n".join([HEADER, *rows, ""])


@pytest.fixture(scope="module")
def crowd(once: Once) -> Nights:
    """A night in which ten thousand state one phone, and nothing else in common."""

    def make(folder: Path) -> None:
        house = open_company(folder, "homes")
        rows = (
            f"s{n},{name(n)},{1940 + n % 60}-{1 + n % 12:02}-{1 + n % 28:02},"
            f"{n} Long Road,{10000 + n},Berlin,{PHONE},,2020-01-01 00:00:00"
            for n in range(MEMBERS)
        )
        house.deliver(FIRST, "people.csv", people(rows))
        house.night()

    return open_company(once("crowd", make), "homes")


def test_a_phone_of_ten_thousand_merges_nobody_and_is_listed(crowd: Nights) -> None:
    """Nor does it bring households together; the list shows no number."""
    [(customers, homes)] = crowd.rows(
        "select count(distinct customer_id), count(distinct household_id) "
        "from descriptive.dim_customer left join descriptive.bridge_household_member "
        "using (customer_id) where customer_id <> '_unknown'"
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
