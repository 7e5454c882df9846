"""What is unusual: few alarms where nothing changes, and planted breaks are found."""

from pathlib import Path
from typing import Any

import duckdb
import expectations_house as house
import numpy as np
import pandas as pd
import pytest
from usual_world import (
    LONG_HISTORY,
    History,
    another_mix,
    as_usual,
    five_times_the_blanks,
    half_the_volume,
)

from expectations import CheckResult, Outcome, Severity, run_doors
from expectations.usual import FALSE_ALARMS, _judged_mixes, judge_loads
from expectations.usual_queries import FEWEST_DATES

KINDS = ("volumes", "blanks", "mixes")
BREAKS = {
    "volumes": half_the_volume,
    "blanks": five_times_the_blanks,
    "mixes": another_mix,
}


def judged(history: History, dates: int = 1) -> dict[str, pd.DataFrame]:
    """Judge the last dates of a history."""
    with history.archive() as archive:
        usual = judge_loads(archive, history.last(dates))
    return {kind: getattr(usual, kind) for kind in KINDS}


@pytest.fixture(scope="module")
def nothing_changed() -> dict[str, pd.DataFrame]:
    """Judge 300 tables on each of their last 30 dates of 60."""
    return judged(as_usual(300, 60, seed=11), dates=30)


@pytest.mark.parametrize("kind", KINDS)
def test_false_alarms_are_as_rare_as_stated(
    nothing_changed: dict[str, pd.DataFrame], kind: str
) -> None:
    """Beyond chance is hardly more than one judgement in 2,000; of these few alarm."""
    found = nothing_changed[kind]
    assert len(found) >= 9000
    assert found["is_beyond_chance"].mean() <= 3 * FALSE_ALARMS
    assert found["is_unusual"].mean() <= FALSE_ALARMS


def test_chance_is_not_so_wide_that_nothing_is_beyond_it(
    nothing_changed: dict[str, pd.DataFrame],
) -> None:
    """The bounds are those of the rate that is stated, not of a rarer one."""
    shares = [found["is_beyond_chance"].mean() for found in nothing_changed.values()]
    assert np.mean(shares) >= FALSE_ALARMS / 5


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_break_is_found(kind: str) -> None:
    """Half the volume, five times the blanks, another mix: nearly all are seen."""
    usual = as_usual(200, 40, seed=12)
    found = judged(BREAKS[kind](usual))
    seen = found[kind]
    if kind == "blanks":
        seen = seen[seen["column_name"] == "c"]
    assert seen["is_unusual"].mean() >= 0.8
    others = [found[other]["is_unusual"].mean() for other in KINDS if other != kind]
    assert max(others) <= 0.01


def test_the_first_dates_are_quiet() -> None:
    """Till there is a history nothing is judged, however odd it looks."""
    short = half_the_volume(as_usual(20, FEWEST_DATES, seed=13))
    assert all(found.empty for found in judged(short).values())
    long_enough = half_the_volume(as_usual(20, FEWEST_DATES + 1, seed=13))
    assert len(judged(long_enough)["volumes"]) == 20


def restless(size: int) -> History:
    """Draw histories whose mix is made of baskets of so many equal rows."""
    usual = as_usual(200, 40, seed=15)
    chance = np.random.default_rng(15)
    kinds = chance.dirichlet([5] * 5, 200)
    baskets = chance.multinomial(
        np.maximum(usual.rows // size, 1), np.repeat(kinds[:, None, :], 40, axis=1)
    )
    return History(usual.rows, usual.blank, baskets * size)


@pytest.mark.parametrize("size", [10, 30])
def test_rows_in_baskets_are_no_alarm(size: int) -> None:
    """Ten lines of one customer are one chance and not ten."""
    found = judged(restless(size), dates=20)["mixes"]
    assert len(found) > 1000
    assert found["is_beyond_chance"].mean() <= 0.01
    assert found["is_unusual"].mean() <= 0.005


def test_a_mix_that_always_changes_is_no_alarm() -> None:
    """The running campaign is another every week; that is as usual."""
    usual = as_usual(200, 40, seed=16)
    running = np.arange(40) // 3 % 5
    mix = np.zeros_like(usual.mix)
    mix[:, np.arange(40), running] = usual.rows
    found = judged(History(usual.rows, usual.blank, mix), dates=20)["mixes"]
    assert found["is_unusual"].mean() <= FALSE_ALARMS


def test_a_text_that_had_many_values_has_no_mix(tmp_path: Path) -> None:
    """On a quiet date a number of customers is one of a few; nothing follows."""
    many = "update ledger.load_profile set category = '_many' where category = 'EUR' "
    found = doors(tmp_path, many + "and load_id = 30")
    assert "mix_is_usual" not in found
    assert doors(tmp_path / "other", many + "and load_id = 31")["mix_is_usual"]


@pytest.mark.parametrize(("strangest", "expected"), [(0.2, True), (0.3, False)])
def test_a_mix_hardly_stranger_than_before_is_no_alarm(
    strangest: float, expected: bool
) -> None:
    """Twice the second strangest date before; a sum over few rows has long tails."""
    found = pd.DataFrame(
        {
            "name": ["s.t"],
            "column_name": ["m"],
            "business_date": pd.to_datetime(["2026-02-01"]),
            "rows": [1000.0],
            "past_rows": [30_000.0],
            "category_count": [5],
            "stability_index": [0.5],
            "second_strangest": [strangest],
            "design_effect": [1.0],
        }
    )
    assert list(_judged_mixes(found)["is_unusual"]) == [expected]


def weekly(dates: int) -> History:
    """Draw a history whose weekends bring a third of the rows."""
    usual = as_usual(100, dates, seed=14)
    weekend = np.arange(dates) % 7 >= 5
    share = np.where(weekend, 1 / 3, 1.0)
    return History(
        rows=(usual.rows * share).astype(np.int64),
        blank=(usual.blank * share).astype(np.int64),
        mix=(usual.mix * share[:, None]).astype(np.int64),
    )


@pytest.mark.parametrize("dates", [21, 35, 84])
def test_a_weekend_is_no_alarm(dates: int) -> None:
    """Neither while weekdays are not known apart nor after; the history ends on one."""
    assert judged(weekly(dates))["volumes"]["is_unusual"].mean() <= 0.01


def test_a_weekday_as_low_as_a_weekend_is_seen_in_time() -> None:
    """Once each weekday has its own history, a third on a Friday is an alarm."""
    friday = weekly(82)
    low = friday.rows.copy()
    low[:, -1] //= 3
    found = judged(History(low, np.minimum(friday.blank, low), friday.mix))
    assert found["volumes"]["is_unusual"].mean() >= 0.9


def doors(folder: Path, *faults: str, **contract: Any) -> dict[str, CheckResult]:  # noqa: ANN401
    """Run the doors on the last of 31 loads of a tiny archive, with its faults."""
    folder.mkdir(exist_ok=True)
    archive = house.make_archive(folder, *LONG_HISTORY, *faults)
    manifest = house.make_manifest()
    node = manifest["sources"]["source.till.sales"]
    node["config"]["meta"]["contract"] |= contract.pop("table", {})
    for name, stated in contract.items():
        node["columns"][name]["config"]["meta"]["contract"] |= stated
    return {
        result.check_name: result
        for result in run_doors(archive, manifest, load_ids=[31])
    }


LOST = "update ledger.load set rows_delivered = 40, rows_loaded = 40 where load_id = 31"
EMPTY = """
update ledger.load_profile set row_count = if(category = '', 90, 10)
where load_id = 31 and column_name = 'amount'
"""
UNUSUAL = ("volume_is_usual", "blanks_are_usual", "mix_is_usual")


def test_what_is_as_usual_passes(tmp_path: Path) -> None:
    """Three checks of a table with a history, each of all that was judged."""
    found = doors(tmp_path)
    assert [found[name].outcome for name in UNUSUAL] == [Outcome.PASSED] * 3
    assert [found[name].rows_checked for name in UNUSUAL] == [1, 2, 1]


def test_a_loss_is_a_warning_with_its_next_step(tmp_path: Path) -> None:
    """It says what came and what is usual, and what to do."""
    found = doors(tmp_path, LOST)["volume_is_usual"]
    assert (found.outcome, found.severity) == (Outcome.FAILED, Severity.WARNING)
    assert "40 rows, usually about 101" in found.message
    assert found.next_step and "deliver" in found.next_step


HELD_BEFORE = """
insert into ledger.load by name
select * replace (
    0 as load_id, 'refused' as status, '{reason}' as reason_code,
    '{sha256}' as sha256
)
from ledger.load where load_id = 31
"""


@pytest.mark.parametrize(
    ("reason", "sha256", "is_held"),
    [
        pytest.param(
            "shrinkage", "c16a5320fa475530d9583c34fd356ef5", False, id="let in"
        ),
        pytest.param("shrinkage", "other bytes", True, id="other bytes"),
        pytest.param("damaged", "c16a5320fa475530d9583c34fd356ef5", True, id="damaged"),
    ],
)
def test_a_volume_that_a_person_let_in_is_not_held_as_unusual(
    tmp_path: Path, reason: str, sha256: str, is_held: bool
) -> None:
    """Also where the contract makes it an error: the word is about just this volume."""
    own = {"severity": "error", "reason": "letters of credit rest on it"}
    held = HELD_BEFORE.format(reason=reason, sha256=sha256)
    found = doors(tmp_path, LOST, held, table={"anomalies": own})
    assert (found["volume_is_usual"].outcome is Outcome.FAILED) is is_held


def test_only_a_contract_makes_it_an_error(tmp_path: Path) -> None:
    """The table's word holds for all columns but those with a word of their own."""
    own = {"severity": "error", "reason": "letters of credit rest on it"}
    usual = {"severity": "information", "reason": "it comes and goes"}
    found = doors(
        tmp_path, LOST, EMPTY, table={"anomalies": own}, amount={"anomalies": usual}
    )
    assert found["volume_is_usual"].is_error
    assert found["volume_is_usual"].reason == own["reason"]
    assert found["blanks_are_usual"].outcome is Outcome.PASSED
    amount = found["blanks_are_usual_amount"]
    assert (amount.outcome, amount.severity) == (
        Outcome.FAILED,
        Severity.INFORMATION,
    )
    assert "amount on 2026-01-31: 90.0 % blank" in amount.message


def test_the_archive_is_free_again(tmp_path: Path) -> None:
    """The writer that follows finds nothing locked."""
    doors(tmp_path)
    with duckdb.connect(str(tmp_path / "archive.duckdb")) as connection:
        connection.execute("create table is_writable (one integer)")
