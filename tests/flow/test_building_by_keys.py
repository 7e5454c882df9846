"""What is built by keys is what a whole build gives, whatever changed.

A few things are changed in the work database and told in the journals, as the tables
that sales or customers are made of would; then the chain is built, and once more whole.
"""

from collections.abc import Sequence

import duckdb
from house import House

CHAIN = ("int_sale__lines", "fct_sale", "dim_product", "agg_sales")
TABLES = (
    "intermediate.int_sale__lines",
    "behavioural.fct_sale",
    "aggregates.agg_sales",
)
CHANGES = {
    "int_product__versions": """
        update intermediate.int_product__versions
        set unit_cost_amount = 1, unit_price_amount = 2, category = 'Other'
        where product_key = (select max(product_key) from intermediate.int_sale__lines
            where product_key <> '_unknown');
        insert into intermediate.int_product__versions
        select * replace ('later' as product_key, 3 as unit_cost_amount,
            timestamp '2025-12-01' as valid_from)
        from intermediate.int_product__versions where valid_to > timestamp '2025-12-01'
        and valid_from < timestamp '2025-12-01' order by product_key limit 1;
        update intermediate.int_product__versions as stated
        set valid_to = timestamp '2025-12-01'
        from intermediate.int_product__versions as later
        where later.product_key = 'later' and stated.product_key <> 'later'
        and stated.product_record_id = later.product_record_id
        and stated.source_name = later.source_name
        and stated.valid_to = later.valid_to
    """,
    "int_exchange_rate__days": """
        update intermediate.int_exchange_rate__days set exchange_rate = exchange_rate + 1
        where calendar_date between date '2025-06-01' and date '2025-06-20'
    """,  # noqa: E501
    "int_promotion__placements": """
        delete from intermediate.int_promotion__placements where promotion_key = (
            select max(promotion_key) from intermediate.int_sale__lines
            where promotion_key <> '_unknown'
        );
        insert into intermediate.int_promotion__placements
        select distinct product_source_name, product_record_id, 'everywhere', 'new',
            date '2025-03-01', date '2025-03-09'
        from intermediate.int_sale__lines where product_key <> '_unknown'
        and ordered_on = date '2025-03-04'
    """,
    "int_promotion__current": """
        update intermediate.int_promotion__current set promotion_key = 'stated'
        where promotion_record_id in (
            select max(promotion_record_id) from input.input_sale
        )
    """,
    "int_customer__links": """
        update intermediate.int_customer__links set customer_id = 'other'
        where source_record_id in (
            select max(party_record_id) from intermediate.int_sale__lines
        )
    """,
}


WINNERS = "int_customer__winners"
OTHER_RANKS = """
    update intermediate.int_source__reliability
    set reliability_rank = 99 - reliability_rank
    where known_from > timestamp '1900-01-01'
"""

SILENCES = "int_customer__silences"
OTHER_ENCOUNTERS = {
    "int_sale__lines": """
        update intermediate.int_sale__lines set ordered_at = timestamp '2024-02-29'
        where customer_id = (select max(customer_id) from intermediate.int_sale__lines)
    """,
    "int_deal_step__latest": """
        update intermediate.int_deal_step__latest
        set customer_id = (
            select min(customer_id) from intermediate.int_customer__links
        ) where customer_id = (
            select max(customer_id) from intermediate.int_deal_step__latest
        )
    """,
}

AGEING = (
    *("int_source__credences", "int_claim__votes"),
    *("fct_attribute_value", "dim_contact_point"),
)
LATER = """
    update intermediate.int_source__business_date
    set business_date = business_date + {}
"""
SEEN_ANEW = """
    select
        (
            select count(*)
            from intermediate.{table}__touched
            inner join intermediate.{table}__head using (build_number)
        ) / (select count(distinct ({key})) from descriptive.{table})
"""


def told(work: duckdb.DuckDBPyConnection, table: str, change: str) -> None:
    """Change a table, and note the keys of all rows that are not what they were."""
    name = f"intermediate.{table}"
    key = [
        column
        for (column,) in work.execute(
            "select column_name from duckdb_columns() where table_name = ? "
            "and column_name <> 'build_number'",
            [f"{table}__touched"],
        ).fetchall()
    ]
    columns = ", ".join(key)
    work.execute(f"create or replace temp table former as from {name}")
    work.execute(change)
    work.execute(f"update {name}__head set build_number = build_number + 1")  # noqa: S608
    work.execute(f"""
        insert into {name}__touched
        select distinct {columns}, build_number from (
            (from {name} except from former) union all (from former except from {name})
        ), {name}__head
    """)  # noqa: S608
    noted = work.execute(f"""
        select count(*) from {name}__touched join {name}__head using (build_number)
    """).fetchone()  # noqa: S608
    assert noted is not None
    assert noted[0] > 0, table


def rows(
    house: House, tables: Sequence[str] = TABLES
) -> dict[str, list[tuple[object, ...]]]:
    """Return how many rows each table has, and a digest of them."""
    with duckdb.connect(str(house.settings.places.work), read_only=True) as work:
        return {
            table: work.execute(
                f"select count(*), sum(hash(built)) from {table} as built"  # noqa: S608
            ).fetchall()
            for table in tables
        }


def builds(house: House, chain: Sequence[str] = CHAIN) -> list[int]:
    """Return the number of each table's build since it was built whole."""
    with duckdb.connect(str(house.settings.places.work), read_only=True) as work:
        found = [
            work.execute(f"from intermediate.{name}__head").fetchall()[0]
            for name in chain
        ]
    return [number for _, number in found]


def test_sales_follow_all_that_they_are_made_of(demo_copy: House) -> None:
    """Products, promotions, rates and customers: each touches the lines it is of."""
    before = rows(demo_copy)
    numbers = builds(demo_copy)
    with duckdb.connect(str(demo_copy.settings.places.work)) as work:
        for table, change in CHANGES.items():
            told(work, table, change)
    demo_copy.done("dbt", "run", "--select", *CHAIN)
    by_keys = rows(demo_copy)
    assert builds(demo_copy) == [number + 1 for number in numbers]
    assert all(by_keys[table] != before[table] for table in TABLES)
    demo_copy.done("dbt", "run", "--full-refresh", "--select", *CHAIN)
    assert by_keys == rows(demo_copy)


def test_winners_follow_ranks_that_were_others_in_the_past(demo_copy: House) -> None:
    """Who is who is learnt later, and with it whom to have believed before."""
    table = f"intermediate.{WINNERS}"
    before, [number] = rows(demo_copy, [table]), builds(demo_copy, [WINNERS])
    with duckdb.connect(str(demo_copy.settings.places.work)) as work:
        told(work, "int_source__reliability", OTHER_RANKS)
    demo_copy.done("dbt", "run", "--select", WINNERS)
    by_keys = rows(demo_copy, [table])
    assert builds(demo_copy, [WINNERS]) == [number + 1]
    assert by_keys != before
    demo_copy.done("dbt", "run", "--full-refresh", "--select", WINNERS)
    assert by_keys == rows(demo_copy, [table])


def test_silences_follow_what_breaks_them(demo_copy: House) -> None:
    """A purchase on another day, and a deal that was another customer's."""
    table = f"intermediate.{SILENCES}"
    before, [number] = rows(demo_copy, [table]), builds(demo_copy, [SILENCES])
    with duckdb.connect(str(demo_copy.settings.places.work)) as work:
        for changed, change in OTHER_ENCOUNTERS.items():
            told(work, changed, change)
    demo_copy.done("dbt", "run", "--select", SILENCES)
    by_keys = rows(demo_copy, [table])
    assert builds(demo_copy, [SILENCES]) == [number + 1]
    assert by_keys != before
    demo_copy.done("dbt", "run", "--full-refresh", "--select", SILENCES)
    assert by_keys == rows(demo_copy, [table])


def test_what_was_said_ages_in_steps(demo_copy: House) -> None:
    """A day changes little of it, a quarter all; a whole build gives the same."""
    tables = [f"intermediate.{name}" for name in AGEING[:2]]
    tables += [f"descriptive.{name}" for name in AGEING[2:]]
    numbers = builds(demo_copy, AGEING[1:])
    seen: list[list[float]] = []
    for days in (1, 90):
        before = rows(demo_copy, tables)
        with duckdb.connect(str(demo_copy.settings.places.work)) as work:
            told(work, "int_source__business_date", LATER.format(days))
        demo_copy.done("dbt", "run", "--select", *AGEING)
        by_keys = rows(demo_copy, tables)
        assert all(by_keys[table] != before[table] for table in tables), days
        seen.append(
            [
                seen_anew(demo_copy, "fct_attribute_value", "source_record_id"),
                seen_anew(demo_copy, "dim_contact_point", "customer_id"),
            ]
        )
    assert builds(demo_copy, AGEING[1:]) == [number + 2 for number in numbers]
    assert max(seen[0]) < 0.1
    assert min(seen[1]) > 0.9
    demo_copy.done("dbt", "run", "--full-refresh", "--select", *AGEING)
    assert by_keys == rows(demo_copy, tables)


def seen_anew(house: House, table: str, key: str) -> float:
    """Return which share of a table its last build touched."""
    with duckdb.connect(str(house.settings.places.work), read_only=True) as work:
        found = work.execute(SEEN_ANEW.format(table=table, key=key)).fetchone()
    assert found is not None
    return float(found[0])
