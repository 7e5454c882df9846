"""Whose habits a night distils anew: of whom it knows something new, or who waited."""

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

from warehouse.settings import PROJECT_ROOT

TABLES = {
    "int_behaviour__cycles": "cycles",
    "int_sale__lines": "lines_sold",
}
STATE = "case when {0} - {2} > 7 then 'at_risk' else 'active' end"


def _reads() -> dict[str, str]:
    """Return of each journal that habits read the query of touched customers."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(PROJECT_ROOT / "macros"), extensions=["jinja2.ext.do"]
    )
    found: list[dict[str, str]] = []

    def keep(reads: list[dict[str, str]]) -> str:
        found.extend(reads)
        return ""

    module = environment.get_template("touched_habits.sql").make_module(
        {"return": keep}
    )
    module.reads_of_habits()  # type: ignore[attr-defined]
    names = {
        "this": "states",
        "ref": TABLES.__getitem__,
        "activity_state": STATE.format,
    }
    return {
        read["keys_of"]: environment.from_string(read["via"]).render(**names)
        for read in found
        if "via" in read
    }


@pytest.fixture
def night() -> duckdb.DuckDBPyConnection:
    """Two customers who bought two days one after the other, and lines of nobody."""
    connection = duckdb.connect(":memory:")
    connection.execute("""
        create table states as select * from (values
            ('c1', 'active', date '2026-01-01', date '2026-01-01', 7),
            ('c2', 'active', date '2026-01-02', date '2026-01-02', 14),
            ('gone', 'none', null, null, 7)
        ) as states(
            customer_id, activity_state_code, first_purchase_date, last_purchase_date,
            purchase_cycle_days
        );
        create table cycles as
        select customer_id, date '2026-01-09' as business_date, 7 as purchase_cycle_days
        from states where customer_id <> 'gone'
        union all select 'new', date '2026-01-09', 7;
        create table lines_sold as select * from (values
            ('c1', 'p', 's', 'o'), ('c2', 'q', 's', 'o2'), ('_unknown', 'p', 's', 'o')
        ) as lines(customer_id, product_key, outlet_source_name, outlet_record_id)
    """)
    return connection


@pytest.mark.parametrize(
    ("journal", "changed", "touched"),
    [
        ("int_source__business_date", "select date '2026-01-09'", ["c1"]),
        ("int_source__business_date", "select 1 where false", []),
        ("int_product__price_bands", "select 'q' as product_key", ["c2"]),
        (
            "int_customer__history",
            "select unnest(['c1', 'c2', 'gone', 'new']) as customer_id",
            ["c2", "gone", "new"],
        ),
        (
            "int_behaviour__encounters",
            "select * from (values ('c1', 'usage'), ('c2', 'answer'))"
            " as encounters(customer_id, encounter_type)",
            ["c2"],
        ),
        (
            "int_outlet__current",
            "select 's' as source_name, 'o' as outlet_record_id",
            ["c1"],
        ),
        (
            "int_sale__lines",
            "select unnest(['c1', '_unknown']) as customer_id",
            ["c1"],
        ),
    ],
)
def test_who_is_touched(
    night: duckdb.DuckDBPyConnection, journal: str, changed: str, touched: list[str]
) -> None:
    """Time alone touches whom it takes over a limit; nobody's sales are no habits.

    What says nothing of a purchase touches nobody's habits.
    """
    night.execute("create view changed as " + changed)
    found = night.query(_reads()[journal]).fetchall()
    assert sorted(customer for [customer] in found) == touched
