"""The control totals of the two companies of real data, in what a night publishes.

What the marts say is held against counts known of the data, and sums against the
delivered files themselves, read here by another way than receiving's.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from house import House

from warehouse.settings import PROJECT_ROOT, Settings

Once = Callable[[str, Callable[[Path], None]], Path]

BALANCE = """
    select
        sum(rows_delivered), sum(rows_loaded), sum(rows_quarantined),
        sum(rows_repeated), bool_and(status = 'loaded')
    from quality.fct_load
"""


def published(company: str, once: Once) -> House:
    """A finished night of the company; tests only read it."""

    def make(home: Path) -> None:
        House(Settings(company=company, home=home)).done("night")

    return House(Settings(company=company, home=once(f"night_of_{company}", make)))


@pytest.fixture(scope="session")
def adventureworks(once: Once) -> House:
    """The published Adventure Works."""
    return published("adventureworks", once)


@pytest.fixture(scope="session")
def completejourney(once: Once) -> House:
    """The published Complete Journey."""
    return published("completejourney", once)


def delivered(company: str, query: str) -> tuple[Any, ...]:
    """Answer a query over the delivered files, which are views `customers`, ..."""
    folder = PROJECT_ROOT / "companies" / company / "deliveries"
    with duckdb.connect() as connection:
        for file in sorted(folder.rglob("*.parquet")):
            connection.execute(f"create view {file.stem} as from '{file}'")
        for name in {file.stem.rstrip("_0123456789") for file in folder.rglob("*.csv")}:
            connection.execute(
                f"create view {name.lower()} as from read_csv("
                f"'{folder}/*/{name}*.csv', all_varchar = true, header = true)"
            )
        return connection.execute(query).fetchall()[0]


def test_every_registration_is_one_customer(adventureworks: House) -> None:
    """18,148 customers, none merged with another, and no prospect among them."""
    assert adventureworks.rows(
        """
        select count(*), count(*) filter (is_prospect), count(*) filter (is_deleted)
        from descriptive.dim_customer where is_current and customer_id <> '_unknown'
        """
    ) == [(18_148, 0, 0)]
    assert adventureworks.rows(
        """
        select count(distinct customer_id), count(distinct source_record_id)
        from descriptive.bridge_customer_identity
        where source_name = 'registration'
        """
    ) == [(18_148, 18_148)]
    assert adventureworks.rows(
        "select sum(customer_count_change) from descriptive.fct_identity_change"
    ) == [(18_148,)]


def test_orders_and_their_lines_are_all_there(adventureworks: House) -> None:
    """An order is an order number; two numbers are used by two customers each."""
    assert adventureworks.rows(
        """
        select
            count(*),
            count(distinct order_number),
            count(distinct (order_number, order_line_number)),
            count(distinct (order_number, customer_id)),
            count(distinct customer_id),
            count(*) filter (customer_id = '_unknown' or product_key = '_unknown')
        from behavioural.fct_sale
        """
    ) == [(56_046, 25_162, 56_042, 25_164, 17_411, 0)]
    assert adventureworks.rows(
        """
        select order_number from behavioural.fct_sale
        group by order_number having count(distinct customer_id) > 1
        order by order_number
        """
    ) == [("SO62019",), ("SO72019",)]


def test_customers_carry_their_transactions(adventureworks: House) -> None:
    """Number, first and last of them, for the 17,411 who bought."""
    assert adventureworks.rows(
        """
        select
            count(*) filter (transaction_count > 0),
            cast(min(first_transaction_at) as date),
            cast(max(last_transaction_at) as date)
        from descriptive.dim_customer where is_current and customer_id <> '_unknown'
        """
    ) == [(17_411, date(2017, 1, 1), date(2019, 6, 30))]


def test_a_line_without_a_price_has_the_list_price(adventureworks: House) -> None:
    """Amounts and costs are quantity times price and cost of the catalogue."""
    expected = delivered(
        "adventureworks",
        """
        select
            sum(OrderQuantity::integer * ProductPrice::decimal(18, 4)),
            sum(OrderQuantity::integer * ProductCost::decimal(18, 4))
        from adventureworks_sales inner join adventureworks_products using (ProductKey)
        """,
    )
    assert adventureworks.rows(
        "select sum(gross_amount), sum(cost_amount) from behavioural.fct_sale"
    ) == [expected]


def test_products_have_their_place_in_the_tree(adventureworks: House) -> None:
    """293 products in 37 subcategories of 4 categories."""
    assert adventureworks.rows(
        """
        select count(distinct product_id), count(distinct subcategory),
            count(distinct category)
        from shared.dim_product where product_id <> '_unknown'
        """
    ) == [(293, 37, 4)]


def test_the_dirt_of_the_register_is_mended(adventureworks: House) -> None:
    """Dates with and without zeros, money in words, sex not given."""
    assert adventureworks.rows(
        """
        select
            min(birth_year), max(birth_year), count(birth_year),
            count(*) filter (sex_code = 'unknown'), count(income_band_code)
        from descriptive.dim_customer where is_current and customer_id <> '_unknown'
        """
    ) == [(1910, 1980, 18_148, 130, 18_148)]
    with adventureworks.open("restricted") as restricted:
        found = restricted.execute(
            """
            select min(annual_income_amount), max(annual_income_amount)
            from descriptive.dim_customer
            """
        ).fetchall()
    assert found == [(Decimal(10_000), Decimal(170_000))]


def test_every_territory_is_an_outlet(adventureworks: House) -> None:
    """Ten, and every line was sold in one."""
    assert adventureworks.rows(
        """
        select count(distinct fct_sale.outlet_key), count(distinct country_code)
        from behavioural.fct_sale
        inner join shared.dim_outlet on fct_sale.outlet_key = dim_outlet.outlet_key
        inner join shared.dim_geography
            on dim_outlet.geography_key = dim_geography.geography_key
        where outlet_type_code = 'territory'
        """
    ) == [(10, 6)]


def test_nothing_of_adventure_works_is_dropped(adventureworks: House) -> None:
    """Every delivered row is loaded."""
    count = 18_148 + 293 + 56_046
    assert adventureworks.rows(BALANCE) == [(count, count, 0, 0, True)]


def test_every_household_seen_is_a_customer(completejourney: House) -> None:
    """2,379, of 801 of which demographics are known."""
    assert completejourney.rows(
        """
        select
            count(*), count(age_band_code), count(income_band_code),
            count(marital_status_code), count(household_size), count(is_home_owner)
        from descriptive.dim_customer where is_current and customer_id <> '_unknown'
        """
    ) == [(2_379, 801, 801, 664, 801, 568)]


def test_transaction_lines_are_all_there(completejourney: House) -> None:
    """75,000, of which 416 have quantity zero; each has a line number of its own."""
    assert completejourney.rows(
        """
        select
            count(*),
            count(*) filter (quantity = 0),
            count(distinct order_number),
            count(distinct (order_number, order_line_number)),
            count(distinct customer_id),
            count(*) filter (customer_id = '_unknown'),
            count(*) filter (product_key = '_unknown')
        from behavioural.fct_sale
        """
    ) == [(75_000, 416, 47_243, 75_000, 2_377, 0, 222)]


def test_amounts_are_those_of_the_receipts(completejourney: House) -> None:
    """Net is what the retailer received; the discount is its own."""
    [expected] = [
        delivered(
            "completejourney",
            """
            select
                sum(sales_value::decimal(18, 4)),
                sum(retail_disc::decimal(18, 4) + coupon_match_disc::decimal(18, 4))
            from transactions
            """,
        )
    ]
    assert completejourney.rows(
        "select sum(net_amount), sum(discount_amount) from behavioural.fct_sale"
    ) == [expected]
    assert completejourney.rows(
        """
        select count(*) from behavioural.fct_sale
        where gross_amount <> net_amount + discount_amount
        """
    ) == [(0,)]


def test_an_abridged_number_is_written_out(completejourney: House) -> None:
    """`4.0128e+10` and `9e+05` are what they stand for."""
    assert completejourney.rows(
        """
        select
            count(*) filter (order_number = '40128000000'),
            count(*) filter (order_number like '%e+%'),
            (select count(*) from shared.dim_product where sku = '900000')
        from behavioural.fct_sale
        """
    ) == [(1, 0, 1)]


def test_exposures_and_redemptions_are_all_there(completejourney: House) -> None:
    """6,589 and 2,102, of known households in known campaigns."""
    assert completejourney.rows(
        """
        select
            count(*) filter (was_exposed),
            sum(response_count),
            count(*) filter (customer_id = '_unknown' or campaign_key = '_unknown'),
            count(distinct campaign_key),
            count(*) filter (was_permitted)
        from behavioural.fct_campaign_touch
        """
    ) == [(6_589, 2_102, 0, 27, 6_589)]


def test_promotions_find_the_sales_made_under_them(completejourney: House) -> None:
    """As many lines as share product, store and week with a promotion in the files."""
    assert completejourney.rows(
        "select (select count(*) from behavioural.fct_promotion_coverage),"
        " (select count(*) from behavioural.fct_sale where promotion_key <> '_unknown')"
    ) == [(360_535, 144)]


def test_nothing_of_the_journey_is_dropped(completejourney: House) -> None:
    """Coupons and promotions too are received, though they feed nothing yet."""
    count = 75_000 + 92_331 + 116_204 + 360_535 + 801 + 27 + 6_589 + 2_102
    assert completejourney.rows(BALANCE) == [(count, count, 0, 0, True)]


@pytest.mark.parametrize("company", ["adventureworks", "completejourney"])
def test_a_second_night_finds_nothing(
    company: str, request: pytest.FixtureRequest
) -> None:
    """And leaves the release as it is."""
    house: House = request.getfixturevalue(company)
    before = house.settings.places.current.resolve()
    house.done("night")
    assert house.settings.places.current.resolve() == before
