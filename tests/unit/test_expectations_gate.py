"""The gate: what breaks a promise of the marts is planted and seen."""

import shutil
from pathlib import Path
from typing import Any

import duckdb
import expectations_house as house
import pytest

from expectations import CheckResult, Outcome, Severity, holds_back, run_gate
from expectations.conserved import LARGEST_CUSTOMER
from expectations.sql import filled
from warehouse.identity.policy import MAXIMUM_CLUSTER


def gate(
    folder: Path,
    *faults: str,
    tests: list[dict[str, Any]] | None = None,
    has_previous: bool = False,
) -> list[CheckResult]:
    """Run the gate on a tiny work database with the faults planted after release."""
    work = house.make_work(folder)
    previous = folder / "marts.duckdb" if has_previous else None
    if previous:
        shutil.copyfile(work, previous)
    with duckdb.connect(str(work)) as connection:
        for fault in faults:
            connection.execute(fault)
    return run_gate(
        work,
        house.make_archive(folder),
        house.make_manifest(*(house.usual_tests() if tests is None else tests)),
        previous_marts=previous,
    )


def not_passed(results: list[CheckResult]) -> dict[str, CheckResult]:
    """Return what did not pass, by the check's name."""
    return {
        result.check_name: result
        for result in results
        if result.outcome is not Outcome.PASSED
    }


FAULTS = {
    "unique_dim_customer_customer_key": "update descriptive.dim_customer "
    "set customer_key = 'k1' where customer_key = 'k3'",
    "not_null_fct_sale_customer_key": "update behavioural.fct_sale "
    "set customer_key = null where order_number = 'o1'",
    "unique_together_fct_sale_unique_together": "update behavioural.fct_sale "
    "set order_line_number = 0 where order_number = 'o1'",
    "relationships_fct_sale_product_key": "update behavioural.fct_sale "
    "set product_key = 'p9' where order_number = 'o1'",
    "join_keeps_rows_product_key": "insert into shared.dim_product values ('p1', 'x')",
    "versions_do_not_overlap_dim_customer_versions_do_not_overlap": "update "
    "descriptive.dim_customer set valid_to = timestamp '2026-01-07' "
    "where customer_key = 'k1'",
    "versions_are_contiguous_dim_customer_versions_are_contiguous": "update "
    "descriptive.dim_customer set valid_to = timestamp '2026-01-03' "
    "where customer_key = 'k1'",
    "versions_are_contiguous_when_known_hist_customer_"
    "versions_are_contiguous_when_known": "update descriptive.hist_customer "
    "set known_to = date '2026-01-06' where known_to = date '2026-01-05'",
    "accepted_values_fct_sale_currency_code": "update behavioural.fct_sale "
    "set currency_code = 'CNY' where order_number = 'o1'",
    "holds_for_every_row_fct_sale_holds_for_every_row": "update "
    "behavioural.fct_sale set net_amount = null where order_number = 'o1'",
    "adds_up_to_agg_sales_adds_up_to": "update aggregates.agg_sales "
    "set net_amount = 1 where time_level = 'day' and place_level = 'all'",
    "has_as_many_rows_as_fct_sale_has_as_many_rows_as": "delete from "
    "intermediate.int_sale__lines where order_number = 'o1'",
    "loads_equal_ledger": "delete from shared.dim_load where load_key = '2'",
    "sales_equal_input": "delete from behavioural.fct_sale where order_number = 'o1'",
    "events_equal_input_fct_consent": "insert into descriptive.fct_consent "
    "select * from descriptive.fct_consent limit 1",
    "sale_amounts_equal_input": "update behavioural.fct_sale set net_amount = 1 "
    "where order_number = 'o1'",
    "records_have_one_customer": "delete from descriptive.bridge_customer_identity "
    "where source_record_id = 'p1'",
    "measures_add_up": "delete from aggregates.agg_sales where time_level = 'year'",
    "customer_changes_add_up": "delete from descriptive.dim_customer "
    "where customer_id = 'c2'",
    "unknown_member_exists_dim_product": "delete from shared.dim_product "
    "where product_key = '_unknown'",
}


def test_a_clean_database_passes(tmp_path: Path) -> None:
    """Marts that keep every promise pass every check, and each is reported once."""
    results = gate(tmp_path, has_previous=True)
    assert not_passed(results) == {}
    names = [(result.suite_name, result.check_name) for result in results]
    assert len(names) == len(set(names))
    assert not holds_back(results)


@pytest.mark.parametrize("check", FAULTS)
def test_a_planted_fault_is_seen(check: str, tmp_path: Path) -> None:
    """Each check sees the fault it is there for, and holds back."""
    found = not_passed(gate(tmp_path, FAULTS[check]))
    assert found[check].is_error
    assert found[check].outcome is Outcome.FAILED


TOLD = {
    "customers_have_few_records": "insert into descriptive.bridge_customer_identity "
    "select 'till', 'q' || i, 'c1', timestamp '9999-12-31', timestamp '9999-12-31' "
    "from range(29) as numbers (i)",
    "consents_do_not_contradict": "update descriptive.fct_consent "
    "set customer_id = 'c1'",
    "customers_are_known_fct_sale": "update behavioural.fct_sale "
    "set customer_id = '_unknown' where customer_id = 'c1'",
}


@pytest.mark.parametrize("check", TOLD)
def test_what_a_person_should_know_is_told(check: str, tmp_path: Path) -> None:
    """The fault is seen, with what to do, and holds nothing back."""
    results = gate(tmp_path, TOLD[check], tests=[])
    found = not_passed(results)[check]
    assert found.next_step
    assert not holds_back([found])


def test_the_largest_customer_is_that_of_likeness() -> None:
    """Two rooms that may not lean on each other say the same number."""
    assert LARGEST_CUSTOMER == MAXIMUM_CLUSTER


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (1000, {}),
        (995, {"count_does_not_fall_fct_sale": Severity.WARNING}),
        (
            900,
            {
                "count_does_not_fall_fct_sale": Severity.WARNING,
                "count_does_not_collapse_fct_sale": Severity.ERROR,
            },
        ),
    ],
)
def test_a_shrunken_table_is_seen(
    kept: int, expected: dict[str, Any], tmp_path: Path
) -> None:
    """Any fall against the release before is told, a large one holds back."""
    previous = tmp_path / "marts.duckdb"
    with duckdb.connect(str(previous)) as connection:
        connection.execute("create schema behavioural")
        connection.execute(
            "create table behavioural.fct_sale as select * from range(1000)"
        )
    work = house.make_work(
        tmp_path,
        filled(
            "insert into behavioural.fct_sale (net_amount) select 0 from range($more)",
            more=kept - 10,
        ),
    )
    results = run_gate(
        work,
        house.make_archive(tmp_path),
        house.make_manifest(),
        previous_marts=previous,
    )
    assert {
        name: result.severity
        for name, result in not_passed(results).items()
        if name.startswith("count_does_not")
    } == expected


def test_fewer_customers_are_told(tmp_path: Path) -> None:
    """Customers that are gone, by merging or not, are a warning."""
    fault = "delete from descriptive.dim_customer where customer_id = 'c2'"
    found = not_passed(gate(tmp_path, fault, has_previous=True))
    assert found["count_does_not_fall_dim_customer"].severity is Severity.WARNING


def test_a_check_that_cannot_run_is_broken_and_holds_back(tmp_path: Path) -> None:
    """What was not checked is not proven, whatever the severity of the check."""
    test = house.test_node(
        "not_null", "fct_sale", config={"severity": "WARN"}, column_name="no_column"
    )
    found = not_passed(gate(tmp_path, tests=[test]))[test["name"]]
    assert found.outcome is Outcome.BROKEN
    assert found.severity is Severity.ERROR
    assert "no_column" in found.message


def test_a_table_that_was_not_built_is_broken(tmp_path: Path) -> None:
    """A missing table breaks its own checks and no other."""
    found = not_passed(gate(tmp_path, "drop table shared.dim_load"))
    assert {name: result.outcome for name, result in found.items()} == {
        "loads_equal_ledger": Outcome.BROKEN
    }


def test_a_test_that_the_gate_does_not_know_is_broken(tmp_path: Path) -> None:
    """A promise of the yml is never dropped unseen."""
    test = house.test_node("is_pretty", "fct_sale", column_name="net_amount")
    found = not_passed(gate(tmp_path, tests=[test]))
    assert found[test["name"]].is_error
    assert "is_pretty" in found[test["name"]].message


def test_the_yml_sets_severity_condition_and_budget(tmp_path: Path) -> None:
    """A warning warns, `where` limits the rows, `warn_if` is a budget of rows."""
    column = {"column_name": "net_amount"}
    accepted = {**column, "values": [9], "quote": False}
    tests = [
        house.test_node("not_null", "fct_sale", config={"severity": "warn"}, **column),
        house.test_node(
            "unique", "fct_sale", config={"where": "net_amount > 4"}, **column
        ),
        house.test_node(
            "accepted_values",
            "fct_sale",
            config={"severity": "warn", "warn_if": ">9"},
            **accepted,
        ),
    ]
    fault = "update behavioural.fct_sale set net_amount = null where net_amount < 3"
    found = not_passed(gate(tmp_path, fault, tests=tests))
    assert found["not_null_fct_sale_net_amount"].severity is Severity.WARNING
    assert "unique_fct_sale_net_amount" not in found
    assert "accepted_values_fct_sale_net_amount" not in found


def test_the_yml_makes_information_and_says_what_to_do(tmp_path: Path) -> None:
    """What dbt does not know, a budget in percent and the mend too, is in `meta`."""
    stated = {
        "severity": "information",
        "budget_pct": 20,
        "next_step": "Ask the till.",
    }
    test = house.test_node(
        "not_null",
        "fct_sale",
        config={"severity": "warn", "meta": stated},
        column_name="net_amount",
    ) | {"description": "Old tills print no amount."}

    def without(*amounts: int) -> CheckResult:
        fault = filled(
            "update behavioural.fct_sale set net_amount = null "
            "where order_number || order_line_number in ($lines)",
            lines=", ".join(f"'o{each // 2}{each % 2}'" for each in amounts),
        )
        folder = tmp_path / str(len(amounts))
        folder.mkdir()
        [found] = [
            result
            for result in gate(folder, fault, tests=[test])
            if result.check_name == test["name"]
        ]
        return found

    assert without(1, 2).outcome is Outcome.PASSED
    failed = without(1, 2, 3)
    assert (failed.outcome, failed.severity) == (Outcome.FAILED, Severity.INFORMATION)
    assert failed.reason == "Old tills print no amount."
    assert failed.next_step == "Ask the till."
    assert not holds_back([failed])


def test_results_come_one_by_one_and_the_files_are_free_again(tmp_path: Path) -> None:
    """Progress can be shown, and the writer that follows finds nothing locked."""
    seen: list[CheckResult] = []
    work, archive = house.make_work(tmp_path), house.make_archive(tmp_path)
    results = run_gate(
        work,
        archive,
        house.make_manifest(*house.usual_tests()),
        previous_marts=None,
        options={"threads": 1, "temp_directory": str(tmp_path)},
        on_result=seen.append,
    )
    assert seen == results
    for path in (work, archive):
        with duckdb.connect(str(path)) as connection:
            connection.execute("create table is_writable (one integer)")
