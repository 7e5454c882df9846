"""Which months of which customers a night builds anew of how they stand."""

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

from warehouse.settings import PROJECT_ROOT

CELLS = """
    select * from (values
        ('c1', '2025-12-01', 1, 10.0, date '2025-12-05', false),
        ('c2', '2025-12-01', 2, 20.0, date '2025-12-06', false),
        ('c3', '2025-12-01', 0, 0.0, null, false),
        ('c1', '2026-01-01', 1, 10.0, date '2025-12-05', false),
        ('c2', '2026-01-01', 2, 20.0, date '2025-12-06', false)
    ) as cells(
        customer_id, month_key, order_count, net_amount, last_purchase_date, is_deleted
    )
"""
TABLES = {
    "int_segment__positions": "positions",
    "int_source__business_date": "business_dates",
}


class _Dbt:
    def type_string(self) -> str:
        return "varchar"


ENVIRONMENT = Environment(  # noqa: S701 - SQL, not a page
    loader=FileSystemLoader(PROJECT_ROOT / "macros"), extensions=["jinja2.ext.do"]
)


def _reads() -> dict[str, str]:
    """Return of each journal that the standing reads the query of touched cells."""
    found: list[dict[str, str]] = []

    def keep(reads: list[dict[str, str]]) -> str:
        found.extend(reads)
        return ""

    context = {"return": keep, "dbt": _Dbt()}
    ENVIRONMENT.get_template("touched_standing.sql").make_module(
        context
    ).reads_of_standing()  # type: ignore[attr-defined]
    month = {
        "first_of_period": lambda _, day: f"cast(date_trunc('month', {day}) as date)"
    }
    names = {"this": "standing", "ref": TABLES.__getitem__, "dbt": _Dbt(), **month}
    return {
        read["keys_of"]: ENVIRONMENT.from_string(read["via"]).render(**names)
        for read in found
    }


@pytest.fixture
def night() -> duckdb.DuckDBPyConnection:
    """Positions as they are, and the standing as the night before left it."""
    connection = duckdb.connect(":memory:")
    for table in ("positions", "standing"):
        connection.execute(f"create table {table} as {CELLS}")
    return connection


def _touched(
    connection: duckdb.DuckDBPyConnection, journal: str, changed: str
) -> set[tuple[str, str]]:
    connection.execute("create or replace view changed as " + changed)
    touched = connection.query(_reads()[journal]).fetchall()
    return {(customer, month) for customer, month in touched}


CHANGED = """
    select 'c2' as customer_id, unnest(['2025-12-01', '2026-01-01']) as month_key
"""


@pytest.mark.parametrize("journal", ["int_segment__positions", "int_customer__history"])
def test_who_counts_as_before_touches_nobody_else(
    night: duckdb.DuckDBPyConnection, journal: str
) -> None:
    """Where somebody lives is nobody else's place."""
    assert _touched(night, journal, CHANGED) == {
        ("c2", "2025-12-01"),
        ("c2", "2026-01-01"),
    }


@pytest.mark.parametrize(
    "change",
    [
        "update positions set net_amount = 5",
        "delete from positions",
        "update positions set is_deleted = true",
    ],
)
def test_who_counts_otherwise_touches_all_of_the_month(
    night: duckdb.DuckDBPyConnection, change: str
) -> None:
    """Fifths and shares are of all buyers of a month; other months keep theirs."""
    night.execute(f"{change} where customer_id = 'c2' and month_key = '2025-12-01'")
    assert _touched(night, "int_segment__positions", CHANGED) == {
        *((customer, "2025-12-01") for customer in ("c1", "c2", "c3")),
        ("c2", "2026-01-01"),
    }


@pytest.mark.parametrize(
    ("dates", "months"),
    [
        ([], set()),
        (["2026-01-04", "2026-01-05"], {"2026-01-01"}),
        (["2025-12-31", "2026-01-01"], {"2025-12-01", "2026-01-01"}),
    ],
)
def test_time_touches_the_running_month_and_the_one_it_closes(
    night: duckdb.DuckDBPyConnection, dates: list[str], months: set[str]
) -> None:
    """The months before them are closed."""
    changed = f"select unnest({dates!r}::date[]) as business_date"
    touched = _touched(night, "int_source__business_date", changed)
    assert {month for _, month in touched} == months


def test_places_are_worked_out_anew_only_where_somebody_counts_otherwise(
    night: duckdb.DuckDBPyConnection,
) -> None:
    """In every other month all keep theirs."""
    context = {
        "this": "standing",
        "before_now": lambda _: "before",
        "places_of_buyers": lambda rows, *_: "places as (from " + rows + ")",
    }
    module = ENVIRONMENT.get_template("touched_standing.sql").make_module(context)
    scores = {"frequency": "order_count"}
    ctes = module.places_of_all_buyers("positions", scores, True)  # type: ignore[attr-defined]
    night.execute("""
        create table before as
        select *, order_count as frequency_score, 0 as share_above_pct from standing;
        update positions set net_amount = 5
        where customer_id = 'c2' and month_key = '2025-12-01'
    """)
    found = night.query(
        " ".join(
            [
                "with",
                ctes,
                """
        select 'placed', month_key from places
        union select 'kept', month_key from kept_places
    """,
            ]
        )
    ).fetchall()
    assert set(found) == {("placed", "2025-12-01"), ("kept", "2026-01-01")}
