"""The product of two amounts, as exact in 64 bits as in 128."""

from decimal import Decimal

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

from warehouse.settings import PROJECT_ROOT

AMOUNTS = """
    select
        cast(case when n % 50 = 0 then n * 99999.9999 else (n - 500) * 0.05 end
            as decimal(18, 4)) as amount,
        cast(case when n % 11 = 0 then null else (n % 37) * 0.00050001 end
            as decimal(18, 8)) as rate
    from range(1000) as counted (n)
"""


def rendered(macro: str, *arguments: str) -> str:
    """Render a macro of `wide.sql`."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(PROJECT_ROOT / "macros")
    )
    return str(getattr(environment.get_template("wide.sql").module, macro)(*arguments))


def test_a_product_is_what_it_is_in_128_bits() -> None:
    """Halves, negative amounts, nulls, and products of more than 18 digits."""
    wide = f"cast({rendered('wide', 'amount')} * rate as decimal(18, 4))"
    made = rendered("product", "amount", "rate")
    with duckdb.connect() as connection:
        found = (
            connection.sql(AMOUNTS)
            .aggregate(f"count(*), count_if({wide} is distinct from {made})")
            .fetchone()
        )
    assert found == (1000, 0)


@pytest.mark.parametrize("amount", ["899999.9999", "900001", "99999999999999.9999"])
def test_a_product_of_many_digits_does_not_end_the_query(amount: str) -> None:
    """Two decimals of 18 digits are multiplied in 64 bits, if nobody widens them."""
    made = rendered("product", f"cast({amount} as decimal(18, 4))", "one")
    with duckdb.connect() as connection:
        rates = connection.sql("select cast(1 as decimal(18, 8)) as one")
        [[found]] = rates.project(made).fetchall()
    assert found == Decimal(amount)
