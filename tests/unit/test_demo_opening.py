"""What the demo sold before its first day, and the habits that show in it."""

from datetime import datetime

import duckdb
import numpy as np
import pytest
from demo_world import CUSTOMERS, DAYS, SEED, make

from warehouse.demo.chance import Chance
from warehouse.demo.goods import Goods, products
from warehouse.demo.habits import COMPANION_PCT, COMPANIONS, Habits
from warehouse.demo.opening import LAPSED_DAYS
from warehouse.demo.population import Population
from warehouse.demo.presence import record_ids, take_presence

FIRST = datetime(2026, 1, 1)
LINES = """
create table line as
select
    receipt_number as order_number, line_number::int as line_number,
    coalesce(nullif(member_id, ''), nullif(account_number, '')) as buyer,
    product_code, outlet_code, sold_at::timestamptz at time zone 'UTC' as sold_at
from read_csv($1, header = true, all_varchar = true, null_padding = true,
    ignore_errors = true)
where regexp_matches(receipt_number, '^[ACGH][0-9]{11}$')
union all
select
    order_id, line_number, nullif(registration_id, ''), product_id, outlet_id,
    ordered_at
from read_parquet($2)
"""


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The lines of all receipts and orders that were delivered."""
    landing = make(tmp_path_factory.mktemp("opening")).landing
    files = [
        str(file)
        for file in landing.glob("*/till/sales*.csv")
        if "resent" not in file.name
    ]
    connection = duckdb.connect()
    connection.execute(LINES, [files, str(landing / "*/web/orders*.parquet")])
    return connection


@pytest.fixture(scope="module")
def habits() -> Habits:
    """The habits of the customers whose lines they are."""
    chance = Chance(SEED)
    return Habits(Population(chance, CUSTOMERS), Goods(chance, 200, 4))


def test_about_half_was_sold_in_the_two_years_before(
    sold: duckdb.DuckDBPyConnection,
) -> None:
    """Before the first day and not before the two years, never by nobody."""
    found = sold.execute(
        "select count(*), count(buyer), min(sold_at) from line where sold_at < $1",
        [datetime(2025, 12, 31, 16)],
    ).fetchone()
    assert found is not None
    lines, named, first = found
    assert 0.4 < lines / (20 * CUSTOMERS) < 0.6
    assert named == lines
    assert first >= datetime(2024, 1, 1)


def test_who_has_lapsed_buys_no_more(
    sold: duckdb.DuckDBPyConnection, habits: Habits
) -> None:
    """Who had the time to lapse bought last eight months ago; the others still buy."""
    index = np.arange(CUSTOMERS)
    presence = take_presence(habits.people, DAYS)
    held = index[presence.first_day["member"] == 0]
    ids = record_ids("member", held).to_pylist()
    lapsed = habits.has_lapsed(held).tolist()
    sold.execute("create temp table member (buyer varchar, has_lapsed boolean)")
    members = list(zip(ids, lapsed, strict=True))
    sold.executemany("insert into member values ($1, $2)", members)
    last = dict(
        sold.execute(
            "select has_lapsed, count(*) filter (where sold_at >= $1) from line"
            " inner join member using (buyer) group by has_lapsed",
            [FIRST],
        ).fetchall()
    )
    assert last[True] == 0 < last[False]
    share = sold.execute(
        "select avg((last_at < $1 - to_days($2))::int) from (select buyer,"
        " max(sold_at) as last_at from line inner join member using (buyer)"
        " where has_lapsed group by buyer)",
        [FIRST, LAPSED_DAYS - 1],
    ).fetchone()
    assert share is not None and share[0] > 0.6


def test_customers_have_a_shop_of_their_own(sold: duckdb.DuckDBPyConnection) -> None:
    """Who comes often comes to one shop, four times in five or more."""
    found = sold.execute(
        "select avg(most / visits) from (select buyer, sum(n) as visits, max(n) as most"
        " from (select buyer, outlet_code, count(distinct order_number) as n from line"
        " where buyer is not null and outlet_code <> 'WEB-01' group by all)"
        " group by buyer having sum(n) >= 8)"
    ).fetchone()
    assert found is not None and found[0] > 0.75


def test_some_goods_go_into_the_basket_together(
    sold: duckdb.DuckDBPyConnection, habits: Habits
) -> None:
    """A companion follows its leader in half of the baskets that go on."""
    leaders = habits.goods.codes(np.array(list(COMPANIONS))).to_pylist()
    companions = habits.goods.codes(np.array(list(COMPANIONS.values()))).to_pylist()
    for leader, companion in zip(leaders, companions, strict=True):
        found = sold.execute(
            "select avg((next.product_code = $2)::int)"
            " from line inner join line as next"
            " on line.order_number = next.order_number"
            " and line.line_number + 1 = next.line_number where line.product_code = $1",
            [leader, companion],
        ).fetchone()
        assert found is not None
        assert abs(found[0] - COMPANION_PCT / 100) < 0.2


def test_products_are_known_before_they_get_dearer_and_few_are_entered_late() -> None:
    """A price holds from about the day that tells of it, as in a real shop."""
    sold = Goods(Chance(7), 20_000, 30)
    rows = products(sold).to_pandas()
    first, later = rows[: sold.size], rows[sold.size :]
    began = first.set_index("product_id")["updated_at"].astype(str)
    assert later["product_id"].is_unique
    assert (began[later["product_id"]].to_numpy() < later["updated_at"]).all()
    assert later["updated_at"].between("2026-01-02", "2026-01-31").all()
    assert 0.04 < len(later) / sold.size < 0.06
    assert 0 < (began >= "2026-01-01").mean() < 0.004
    price = first.set_index("product_id")["unit_price"].astype(float)
    rise = later["unit_price"].astype(float) / price[later["product_id"]].to_numpy()
    assert rise.between(1.02, 1.11).all()
