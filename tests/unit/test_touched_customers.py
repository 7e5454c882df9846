"""Which customers a table builds anew: those whose state is another than it was."""

import duckdb
import pandas as pd
import pytest
from jinja2 import Environment, FileSystemLoader

from warehouse.settings import PROJECT_ROOT

STATES = [("same", "1"), ("changed", "2"), ("new", "1")]
SEEN = [("same", "1"), ("changed", "1"), ("gone", "1")]


@pytest.fixture
def tables() -> duckdb.DuckDBPyConnection:
    """The states of today, those that the table was built from, and the table."""
    connection = duckdb.connect(":memory:")
    for name, rows in (("states", STATES), ("seen", SEEN)):
        frame = pd.DataFrame(rows, columns=["customer_id", "customer_state"])
        connection.from_df(frame).create(name)
    connection.execute("create table habits as select customer_id from seen")
    return connection


def rendered(macro: str, *arguments: str, incremental: bool, noted: bool) -> str:
    """Render a macro as a model that is built incrementally, or for the first time."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(PROJECT_ROOT / "macros"), extensions=["jinja2.ext.do"]
    )
    module = environment.get_template("touched_customers.sql").make_module(
        {
            "is_incremental": lambda: incremental,
            "load_relation": lambda relation: noted,
            "seen_members": lambda relation: "seen",
            "this": "habits",
        }
    )
    return str(getattr(module, macro)(*arguments))


@pytest.mark.parametrize(
    ("incremental", "noted", "touched"),
    [
        (True, True, {"changed", "gone", "new"}),
        (True, False, {"same", "changed", "new"}),
        (False, True, {"same", "changed", "new"}),
    ],
)
def test_who_changed_came_or_went_is_touched(
    tables: duckdb.DuckDBPyConnection,
    incremental: bool,
    noted: bool,
    touched: set[str],
) -> None:
    """A table that is new, or lacks its notes, is built of all customers."""
    sql = rendered("touched_customers", "states", incremental=incremental, noted=noted)
    assert {row[0] for row in tables.query(sql).fetchall()} == touched


@pytest.mark.parametrize(("noted", "left"), [(True, {"same"}), (False, set())])
def test_the_rows_of_the_touched_are_dropped_before(
    tables: duckdb.DuckDBPyConnection, noted: bool, left: set[str]
) -> None:
    """Whoever is gone is not built again; without notes nothing can be kept."""
    arguments = ("habits", "states")
    tables.execute(
        rendered("drop_touched_customers", *arguments, incremental=True, noted=noted)
    )
    assert {row[0] for row in tables.query("from habits").fetchall()} == left


def test_nothing_is_dropped_on_a_first_build() -> None:
    """There is no table yet."""
    arguments = ("habits", "states")
    sql = rendered("drop_touched_customers", *arguments, incremental=False, noted=True)
    assert not sql.strip()
