"""Rates, promotions and stock of the demo, held against what was delivered.

The deliveries are read by another way than receiving's, so that an error of both is
needed to pass.
"""

from decimal import Decimal

import duckdb
import pytest
from house import House

RATES = """
select
    currency, rate_date::date as rate_date,
    arg_max(yuan::decimal(18, 8), filename) as yuan
from read_csv($1, header = true, all_varchar = true, filename = true)
group by all
"""
PLACEMENTS = """
select
    product_id, nullif(outlet_id, '') as outlet_id,
    starts_on::date as starts_on, ends_on::date as ends_on
from read_csv($1, header = true, all_varchar = true)
"""
SOLD = """
select sales.*, products.product_record_id, outlets.outlet_record_id,
    sales.ordered_date_key::date as ordered_on
from behavioural.fct_sale as sales
inner join shared.dim_product as products using (product_key)
inner join shared.dim_outlet as outlets using (outlet_key)
"""


@pytest.fixture(scope="module")
def marts(demo_night: House) -> duckdb.DuckDBPyConnection:
    """The release of the demo, with views of deliveries and of what was sold."""
    landing = demo_night.settings.places.landing
    release = demo_night.settings.places.current.resolve()
    connection = duckdb.connect()
    connection.execute(f"attach '{release / 'marts.duckdb'}' as marts (read_only)")
    connection.execute(
        f"create table rate as {RATES}", [str(landing / "*/treasury/rates*.csv")]
    )
    connection.execute(
        f"create table placement as {PLACEMENTS}",
        [str(landing / "*/merchandising/promotions*.csv")],
    )
    connection.execute("use marts")
    connection.execute(f"create temp view sold as {SOLD}")
    return connection


def test_a_sale_abroad_has_the_last_rate_up_to_its_day(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """Also on Sundays, and where a rate was corrected the day after."""
    ((abroad, corrected, wrong),) = marts.execute(
        "select count(*), count(*) filter (where ordered_on = date '2026-01-02'),"
        " count(*) filter (where exchange_rate is distinct from yuan)"
        " from sold asof left join memory.main.rate"
        " on sold.currency_code = rate.currency and sold.ordered_on >= rate.rate_date"
        " where currency_code <> 'CNY'"
    ).fetchall()
    assert abroad > 1_000
    assert corrected > 100
    assert wrong == 0


def test_amounts_of_the_company_follow_from_those_of_the_sale(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """Net by the rate, gross less discount is net, and margin is what is left of it."""
    broken = marts.execute(
        "select sale_key from sold where"
        " company_net_amount is distinct from"
        "     (net_amount * exchange_rate)::decimal(18, 4)"
        " or company_gross_amount - company_discount_amount <> company_net_amount"
        " or currency_code = 'CNY' and company_cost_amount is distinct from cost_amount"
        " or abs(company_net_amount - company_cost_amount - company_margin_amount"
        "     - coalesce(tax_amount, 0) * exchange_rate) > 0.0001"
    ).fetchall()
    assert broken == []
    ((lines, costed, returned),) = marts.execute(
        "select count(*), count(company_margin_amount),"
        " count(*) filter (where is_return and company_net_amount < 0) from sold"
    ).fetchall()
    assert lines == costed
    assert returned > 100


def test_a_sale_is_credited_to_what_was_promoted_there_and_then(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """In its outlet or everywhere, on that day: all of them, and no other."""
    ((promoted, missed, invented),) = marts.execute(
        "select count(*) filter (where promotion_key <> '_unknown'),"
        " count(*) filter (where promotion_key = '_unknown' and is_covered),"
        " count(*) filter (where promotion_key <> '_unknown' and not is_covered)"
        " from (select sold.*, exists (select 1 from memory.main.placement"
        "     where placement.product_id = sold.product_record_id"
        "     and coalesce(placement.outlet_id, sold.outlet_record_id)"
        "         = sold.outlet_record_id"
        "     and sold.ordered_on between placement.starts_on and placement.ends_on)"
        " as is_covered from sold)"
    ).fetchall()
    assert promoted > 1_000
    assert (missed, invented) == (0, 0)


def test_a_promotion_takes_off_what_it_says(marts: duckdb.DuckDBPyConnection) -> None:
    """The discount of a promoted line is that of its promotion, to a cent."""
    found = marts.execute(
        "select promotion_type_code, count(*), max(abs(discount_amount - gross_amount"
        " * coalesce(discount_pct, 0) / 100)) from sold"
        " inner join shared.dim_promotion using (promotion_key)"
        " where promotion_key <> '_unknown' group by promotion_type_code"
    ).fetchall()
    assert len(found) == 7
    assert all(lines > 10 and off < Decimal("0.01") for _, lines, off in found)


def test_stock_is_what_was_there_and_came_in_less_what_was_sold(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """On every day, for every product and outlet whose stock is counted."""
    ((days, sold_days, wrong),) = marts.execute(
        "with counted as (select products.product_record_id, outlets.outlet_record_id,"
        " stock_date, on_hand_quantity, supplied_quantity, lag(on_hand_quantity) over"
        " (partition by product_record_id, outlet_record_id order by stock_date)"
        " as before_quantity from associative.fct_supply"
        " inner join shared.dim_product as products using (product_key)"
        " inner join shared.dim_outlet as outlets using (outlet_key)),"
        " asked as (select product_record_id, outlet_record_id,"
        " ordered_on as stock_date, sum(quantity) as quantity from sold group by all)"
        " select count(*), count(quantity), count(*) filter (where before_quantity"
        " + supplied_quantity - coalesce(quantity, 0) <> on_hand_quantity)"
        " from counted left join asked"
        " using (product_record_id, outlet_record_id, stock_date)"
        " where before_quantity is not null"
    ).fetchall()
    assert days > 1_000
    assert sold_days > 100
    assert wrong == 0


def test_scarce_goods_end_their_days_with_nothing(
    marts: duckdb.DuckDBPyConnection, demo_night: House
) -> None:
    """The planted products are those out of stock most days, and no others are."""
    truth = demo_night.settings.places.root / "truth" / "effects.json"
    ((planted,),) = marts.execute(
        "select json_extract(content, '$.\"supply.scarce_products\".value')::varchar[]"
        " from read_text($1)",
        [str(truth)],
    ).fetchall()
    found = marts.execute(
        "select distinct product_record_id from aggregates.agg_supply_demand"
        " inner join shared.dim_product using (product_id)"
        " where stock_out_day_count > stock_day_count / 2 order by all"
    ).fetchall()
    assert [code for (code,) in found] == sorted(planted)
