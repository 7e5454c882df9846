"""The rooms before the marts: their tests are asked in one scan a table."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import expectations_house as house
import pytest

from expectations import Outcome, Severity
from expectations.rooms import can_check, check_rooms
from pipelines.stages import Stage, asked_of_dbt, made_in, promised_in

Manifest = dict[str, Any]


def checked(folder: Path, fault: str, *tests: Manifest) -> dict[str, tuple[str, str]]:
    """Check tests after a fault was planted: outcome and message by name."""
    with duckdb.connect(str(house.make_work(folder, fault))) as connection:
        results = check_rooms(connection, house.make_manifest(*tests), tests)
        return {each.check_name: (each.outcome, each.message) for each in results}


LINES = "int_sale__lines"
STATED_BY_DBT = {"error_if": "!= 0", "warn_if": "!= 0", "fail_calc": "count(*)"}
"""What dbt fills in where the yml says nothing."""


def refers(to: str) -> Manifest:
    """Make a test that a column is found in another table."""
    return house.test_node(
        "relationships", LINES, column_name="product_key", to=to, field="product_key"
    )


KEPT = house.test_node(
    "has_no_nulls_in", LINES, columns=["order_number", "order_line_number"]
)
ALONE = house.test_node(
    "unique_together", LINES, columns=["order_number", "order_line_number"]
)
FAULTS = {
    "set order_line_number = null where order_number = 'o1'": {
        KEPT["name"]: "order_number, order_line_number are never null. 2 of 10 fail.",
        ALONE["name"]: "order_number, order_line_number together occur once. "
        "2 of 10 fail.",
    },
    "set order_number = 'o2' where order_number = 'o1'": {
        ALONE["name"]: "order_number, order_line_number together occur once. "
        "4 of 10 fail."
    },
    "set order_number = 'o9' where order_number = 'o1'": {},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_promise_is_found(tmp_path: Path, fault: str) -> None:
    """And what it says is what the gate would say of it."""
    found = checked(tmp_path, f"update intermediate.{LINES} {fault}", KEPT, ALONE)
    assert len(found) == 2
    assert {
        name: message
        for name, (outcome, message) in found.items()
        if outcome != Outcome.PASSED
    } == FAULTS[fault]


def test_a_check_that_cannot_run_is_an_error(tmp_path: Path) -> None:
    """What was not checked is not proven, whatever the yml says of its weight."""
    test = house.test_node(
        "not_null", LINES, column_name="colour", config={"severity": "warn"}
    )
    with duckdb.connect(str(house.make_work(tmp_path))) as connection:
        [found] = check_rooms(connection, house.make_manifest(test), [test])
    assert (found.outcome, found.severity) == (Outcome.BROKEN, Severity.ERROR)
    assert "colour" in found.message


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("cast(order_number as integer) > 0", "ConversionException"),
        ("strptime(order_number, '%Y') is not null", "InvalidInputException"),
    ],
)
def test_a_check_that_fails_on_a_value_does_not_tell_it(
    tmp_path: Path, condition: str, kind: str
) -> None:
    """It is broken, as one that names no column is; DuckDB's words quote the row."""
    test = house.test_node("holds_for_every_row", LINES, condition=condition)
    with duckdb.connect(str(house.make_work(tmp_path))) as connection:
        [found] = check_rooms(connection, house.make_manifest(test), [test])
    assert (found.outcome, found.severity) == (Outcome.BROKEN, Severity.ERROR)
    assert found.message == (
        f"Of every row: {condition}. "
        f"The check could not run: the database raised {kind}."
    )


def test_a_fault_of_the_machine_is_no_broken_promise(tmp_path: Path) -> None:
    """Whoever runs the night says it in the words of the machine."""
    with duckdb.connect(str(house.make_work(tmp_path))) as connection:
        connection.execute("set memory_limit = '1MB'")
        connection.execute("set max_temp_directory_size = '0MB'")
        condition = (
            "(select count(distinct repeat('x', 9999) || i) "
            "from range(9999) as numbers (i)) > 0"
        )
        test = house.test_node("holds_for_every_row", LINES, condition=condition)
        with pytest.raises(duckdb.OutOfMemoryException):
            list(check_rooms(connection, house.make_manifest(test), [test]))


@pytest.mark.parametrize(
    "test",
    [
        house.test_node("is_even", LINES, column_name="quantity"),
        house.test_node("holds_for_every_row", LINES, condition="{{ positive() }}"),
        house.test_node("not_null", LINES, column_name="x", config={"limit": 1}),
        house.test_node(
            "not_null", LINES, column_name="x", config={"where": "{{ y }}"}
        ),
        house.test_node(
            "not_null", LINES, column_name="x", config={"fail_calc": "max(x)"}
        ),
        house.test_node(
            "not_null", LINES, column_name="x", config={"error_if": ">= 3"}
        ),
        house.test_node("not_null", LINES, column_name="x", config={"warn_if": "= 2"}),
        *map(
            refers, ("ref('p', 'dim_product')", "ref('dim_product', v=2)", "ref('x')")
        ),
    ],
)
def test_what_is_not_known_here_is_left_to_dbt(test: Manifest) -> None:
    """A company may write tests of its own kinds; none is dropped unseen."""
    manifest = house.make_manifest(test)
    assert not can_check(test, manifest)
    assert asked_of_dbt({"test.x": test}, manifest) == {"test.x"}


@pytest.mark.parametrize(
    "test",
    [
        house.test_node(
            "not_null", LINES, column_name="quantity", config=STATED_BY_DBT
        ),
        house.test_node(
            "not_null", LINES, column_name="quantity", config={"error_if": "> 3"}
        ),
        refers("ref('dim_product')"),
        refers("source('till', 'sales')"),
    ],
)
def test_what_is_stated_in_full_is_checked_here(test: Manifest) -> None:
    """A night of such tests needs no run of dbt."""
    assert can_check(test, house.make_manifest(test))


def test_each_model_is_made_in_one_stage_and_each_test_answered_for(
    manifest_of: Callable[[str], Manifest],
) -> None:
    """What ships needs no test of dbt's own at night."""
    manifest = manifest_of("demo")
    stages = [made_in(stage, manifest) for stage in Stage]
    models = {
        name
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }
    assert models <= set().union(*stages)
    assert sum(map(len, stages)) == len(set().union(*stages))
    tested = [promised_in(stage, manifest) for stage in Stage]
    assert [asked_of_dbt(tests, manifest) for tests in tested] == [set()] * len(Stage)
    answered = set().union(*tested)
    rooms = ("models/input/", "models/intermediate/", "companies/demo/sources/")
    for name, node in manifest["nodes"].items():
        if node["resource_type"] == "test":
            about = manifest["nodes"][node["attached_node"]]["original_file_path"]
            assert name in answered or not about.startswith(rooms), name


SALE = "input_sale"
NO_NULLS = house.test_node("has_no_nulls_in", SALE, columns=["sale_record_id"])
BY_LOAD = house.test_node("unique_together", SALE, columns=["load_id", "load_row"])
OVER_ALL = house.test_node("unique", SALE, column_name="sale_record_id")
WARNED = house.test_node(
    "not_null", SALE, column_name="quantity", config={"severity": "warn"}
)
BREAKS = (
    "insert into input.input_sale by name "
    "select * replace ({load} as load_id, null as quantity) from input.input_sale; "
    "insert into input.input_sale by name select * replace "
    "({load} as load_id, null as sale_record_id) from input.input_sale"
)


def failed_of_loads(
    folder: Path, fault: str, *, kept_until: int, **stated: str
) -> set[str]:
    """Return which tests fail of a table that is made as its configuration states."""
    tests = [NO_NULLS, BY_LOAD, OVER_ALL, WARNED]
    manifest = house.make_manifest(*tests)
    manifest["nodes"][f"model.{SALE}"] = {
        **house.model_node(SALE, "input"),
        "columns": {"load_id": {}},
        "depends_on": {"nodes": ["source.till.sales"], "macros": []},
        "raw_code": stated.pop("code", "select * from source"),
        "config": stated,
    }
    (home := folder / str(kept_until)).mkdir()
    with duckdb.connect(str(house.make_work(home, fault))) as connection:
        results = check_rooms(connection, manifest, tests, kept_until)
        return {each.check_name for each in results if each.outcome != Outcome.PASSED}


@pytest.mark.parametrize(
    "stated", [{"incremental_strategy": "append"}, {"materialized": "view"}]
)
def test_what_rows_of_old_loads_have_kept_is_not_asked_again(
    tmp_path: Path, stated: dict[str, str]
) -> None:
    """Of old loads is asked what rests on all rows, and what only warns."""
    whole = {OVER_ALL["name"], WARNED["name"]}
    new = failed_of_loads(tmp_path, BREAKS.format(load=2), kept_until=1, **stated)
    assert new == {NO_NULLS["name"], BY_LOAD["name"], *whole}
    old = failed_of_loads(tmp_path, BREAKS.format(load=2), kept_until=2, **stated)
    assert old == whole


@pytest.mark.parametrize(
    "stated",
    [
        {"incremental_strategy": "delete+insert"},
        {"materialized": "table"},
        {"materialized": "view", "code": "select max(x) over () from source"},
    ],
)
def test_where_rows_may_change_later_all_are_asked(
    tmp_path: Path, stated: dict[str, str]
) -> None:
    """Rows of an earlier load may follow from those of tonight."""
    found = failed_of_loads(tmp_path, BREAKS.format(load=2), kept_until=2, **stated)
    assert found >= {NO_NULLS["name"], BY_LOAD["name"]}
