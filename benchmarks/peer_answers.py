"""Whether the peers' marts are ours: the same rows, out of our release and theirs.

Ours is narrowed to what the peers make (`peers.py` says what and why): versions of one
customer that differ only in attributes which the peers leave out are one.
"""

from pathlib import Path
from string import Template

import duckdb

from warehouse.database import identifier, literal

OURS = """
create temp table alone as
select customer_id
from descriptive.bridge_customer_identity
where known_to = timestamp '9999-12-31'
group by customer_id
having count(*) = 1 and any_value(source_name) = 'member';

create temp table our_customer as
with compared as (
    select
        customers.*,
        row(
            sex_code, marital_status_code, income_band_code, children_count,
            is_home_owner, postcode, city
        ) is distinct from lag(row(
            sex_code, marital_status_code, income_band_code, children_count,
            is_home_owner, postcode, city
        )) over (partition by customer_id order by valid_from) as is_new
    from descriptive.dim_customer as customers
    semi join alone using (customer_id)
)

select
    customer_id,
    valid_from,
    lead(valid_from, 1, timestamp '9999-12-31') over (
        partition by customer_id order by valid_from
    ) as valid_to,
    sex_code,
    marital_status_code,
    income_band_code,
    cast(children_count as integer) as children_count,
    is_home_owner,
    postcode,
    city
from compared
where is_new;

create temp table our_sale as
select
    sale.source_key as source_name,
    sale.order_number,
    sale.order_line_number,
    product.product_record_id,
    channel.channel_code,
    sale.currency_code,
    sale.is_return,
    cast(sale.quantity as bigint) as quantity,
    cast(100 * sale.gross_amount as bigint) as gross_cents,
    cast(100 * sale.discount_amount as bigint) as discount_cents,
    cast(100 * sale.net_amount as bigint) as net_cents,
    sale.ordered_at,
    sale.customer_id,
    customer.valid_from as customer_valid_from,
    cast(sale.ordered_date_key as date) as ordered_date
from behavioural.fct_sale as sale
inner join shared.dim_product as product using (product_key)
inner join shared.dim_channel as channel using (channel_key)
left join our_customer as customer
    on
        sale.customer_id = customer.customer_id
        and sale.ordered_at >= customer.valid_from
        and sale.ordered_at < customer.valid_to;

create temp table our_sums as
select
    time_level,
    period_start,
    product_category as category,
    channel_code,
    currency_code,
    cast(quantity as bigint) as quantity,
    cast(100 * gross_amount as bigint) as gross_cents,
    cast(100 * discount_amount as bigint) as discount_cents,
    cast(100 * net_amount as bigint) as net_cents,
    sale_line_count
from aggregates.agg_sales
inner join shared.dim_channel using (channel_key)
where place_level = 'all';
"""
CENTS = ("gross", "discount", "net")
DIFFERENCE = Template(
    """
select
    (select count(*) from $ours),
    (select count(*) from (from $ours except all select $columns from $theirs)),
    (select count(*) from (select $columns from $theirs except all from $ours))
"""
)
TABLES = ("customer", "sale", "sums")


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make our side of the comparison out of the release that is in use."""
    connection.execute(OURS)


def differences(
    connection: duckdb.DuckDBPyConnection, folder: Path, suffix: str
) -> dict[str, tuple[int, int, int]]:
    """Hold a peer's files against ours.

    Args:
        connection: A session in which `prepare` has been.
        folder: Where the peer's files lie, `<table>.<suffix>`.
        suffix: `parquet`, whose amounts are cents, or `csv`, whose amounts are not.

    Returns:
        Of each table: our rows, those that the peer lacks, those that it has beside.
    """
    found = {}
    for table in TABLES:
        file = literal(str(folder / f"{table}.{suffix}"))
        connection.execute(f"create or replace temp view theirs as from {file}")
        row = connection.execute(
            DIFFERENCE.substitute(
                ours=identifier(f"our_{table}"),
                theirs="theirs",
                columns=matched(connection, table, is_csv=suffix == "csv"),
            )
        ).fetchall()[0]
        found[table] = (int(row[0]), int(row[1]), int(row[2]))
    return found


def matched(connection: duckdb.DuckDBPyConnection, table: str, *, is_csv: bool) -> str:
    """Return the peer's columns in our order and types."""
    said = []
    for name, kind, *_ in connection.execute(f"describe our_{table}").fetchall():
        amount = name.removesuffix("_cents")
        value = f"100 * {amount}_amount" if is_csv and amount in CENTS else name
        said.append(f"cast({value} as {kind}) as {name}")
    return ", ".join(said)
