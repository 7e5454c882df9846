"""The gate's amounts: what some records leave out hides no fault of the others."""

from pathlib import Path

import expectations_house as house
import pytest

from expectations import CheckResult, Outcome, run_gate

UNSTATED = "update input.input_sale set {} = null where sale_record_id = 'r1'"
FOREIGN = """
update input.input_sale set currency_code = 'CNY' where load_row >= 6;
update behavioural.fct_sale set currency_code = 'CNY' where net_amount >= 6
"""


def compared(folder: Path, *faults: str) -> CheckResult:
    """Return what the gate finds of amounts in two currencies, with faults planted."""
    [found] = [
        result
        for result in run_gate(
            house.make_work(folder, FOREIGN, *faults),
            house.make_archive(folder),
            house.make_manifest(),
            previous_marts=None,
        )
        if result.check_name == "sale_amounts_equal_input"
    ]
    return found


@pytest.mark.parametrize(
    ("unstated", "told"),
    [
        ("net_amount", "net amount of 1 compared only as a minimum: 1 records"),
        ("currency_code", "by currency within the bounds of 1 records"),
    ],
)
def test_what_the_input_leaves_out_is_no_fault(
    unstated: str, told: str, tmp_path: Path
) -> None:
    """What the warehouse works out itself is not compared, and this is told."""
    found = compared(tmp_path, UNSTATED.format(unstated))
    assert found.outcome is Outcome.PASSED
    assert found.observed_value and told in found.observed_value


@pytest.mark.parametrize("unstated", ["net_amount", "currency_code"])
@pytest.mark.parametrize(
    "fault",
    [
        "update behavioural.fct_sale set net_amount = 1 where net_amount = 8",
        "update behavioural.fct_sale set net_amount = 90 where net_amount = 8",
        "update behavioural.fct_sale set quantity = 0 where net_amount = 1",
        "update behavioural.fct_sale set quantity = 3 where net_amount = 8",
        "update behavioural.fct_sale set currency_code = 'EUR' where net_amount = 8",
    ],
)
def test_one_gap_hides_no_fault(fault: str, unstated: str, tmp_path: Path) -> None:
    """A record without an amount or a currency leaves the others compared."""
    found = compared(tmp_path, UNSTATED.format(unstated), fault)
    assert found.outcome is Outcome.FAILED
