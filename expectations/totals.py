"""The checks of the gate that are written by hand: the whole against its parts.

Each is made only where its tables are published, so that it grows with the models.
"""

# ruff: noqa: S608 - names come from the allow-list of `expectations.sql`, and from
# contracts and yml of this project; no value of a row enters a query.

from collections.abc import Mapping
from typing import Any

from expectations.severities import RULES
from expectations.sql import quoted, relation
from expectations.suites import Check, Suite, counted

Tables = Mapping[str, Mapping[str, Any]]
"""The published models of the manifest, by name."""

LEDGER = relation("ledger", "load", database="archive")
SALE_MEASURES = (
    "quantity",
    "gross_amount",
    "discount_amount",
    "net_amount",
    "cost_amount",
)


def totals_suite(tables: Tables) -> Suite:
    """Make the suite of totals over several tables."""
    made = [
        ({"dim_load"}, _loads_equal_ledger),
        ({"fct_sale"}, _sales_equal_input),
        ({"fct_sale", "agg_sales"}, _measures_add_up),
        ({"fct_identity_change", "dim_customer"}, _customer_changes_add_up),
    ]
    return Suite(
        name="gate.totals",
        table="several",
        rows="select 1 as one",
        checks=[make(tables) for names, make in made if names <= set(tables)],
    )


def fall_suite(tables: Tables, *, before: set[str]) -> Suite:
    """Make the suite that compares with the release before.

    Args:
        tables: The published models.
        before: The tables of that release, with their schemas.
    """
    checks = []
    for name, node in sorted(tables.items()):
        if name.startswith("fct_") and f"{node['schema']}.{name}" in before:
            checks.append(_fall("count_does_not_fall", node, "*"))
            checks.append(_fall("count_does_not_collapse", node, "*"))
    if "descriptive.dim_customer" in before and "dim_customer" in tables:
        checks.append(
            _fall("count_does_not_fall", tables["dim_customer"], "distinct customer_id")
        )
    return Suite(
        name="gate.previous", table="several", rows="select 1 as one", checks=checks
    )


def _table(tables: Tables, name: str) -> str:
    return relation(tables[name]["schema"], name)


def _loads_equal_ledger(tables: Tables) -> Check:
    return counted(
        "loads_equal_ledger",
        "Every load of the ledger is in dim_load, and no other.",
        f"""
        select
            count(*) as rows_checked,
            count(*) filter (
                where load_key is null or ledger_key is null
            ) as rows_failed
        from (
            select load_key from {_table(tables, "dim_load")}
            where load_key <> '_unknown'
        ) as known
        full join (
            select cast(load_id as varchar) as ledger_key from {LEDGER}
        ) as ledger on known.load_key = ledger.ledger_key
        """,
    )


def _sales_equal_input(tables: Tables) -> Check:
    return counted(
        "sales_equal_input",
        "fct_sale has one row for each sale record of the input that is not deleted.",
        f"""
        select
            input_count as rows_checked,
            abs(sale_count - input_count) as rows_failed,
            sale_count || ' against ' || input_count as observed
        from (select count(*) as sale_count from {_table(tables, "fct_sale")}) as sale
        cross join (
            select count(*) filter (where not is_deleted) as input_count
            from (
                select max_by(is_deleted, (valid_from, load_id, load_row)) as is_deleted
                from {relation("input", "input_sale")}
                group by source_name, sale_record_id
            ) as records
        ) as input
        """,
    )


def _measures_add_up(tables: Tables) -> Check:
    shared = set(tables["agg_sales"]["columns"]) & set(tables["fct_sale"]["columns"])
    measures = [name for name in SALE_MEASURES if name in shared]
    sums = ", ".join(f"sum({quoted(name)}) as {quoted(name)}" for name in measures)
    differs = " or ".join(
        f"found.{quoted(name)} is distinct from expected.{quoted(name)}"
        for name in measures
    )
    aggregate = _table(tables, "agg_sales")
    return counted(
        "measures_add_up",
        "At every level of time and place, agg_sales adds up to fct_sale by currency.",
        f"""
        select
            count(*) as rows_checked,
            count(*) filter (where {differs}) as rows_failed
        from (select distinct time_level, place_level from {aggregate}) as levels
        cross join (
            select currency_code, {sums} from {_table(tables, "fct_sale")}
            group by currency_code
        ) as expected
        left join (
            select time_level, place_level, currency_code, {sums} from {aggregate}
            group by time_level, place_level, currency_code
        ) as found
            on levels.time_level = found.time_level
            and levels.place_level = found.place_level
            and expected.currency_code = found.currency_code
        """,
    )


def _customer_changes_add_up(tables: Tables) -> Check:
    return counted(
        "customer_changes_add_up",
        "The changes of identity add up to the number of customers.",
        f"""
        select
            customer_count as rows_checked,
            abs(customer_count - change_sum) as rows_failed,
            change_sum || ' against ' || customer_count as observed
        from (
            select count(distinct customer_id) as customer_count
            from {_table(tables, "dim_customer")}
            where is_current and customer_id <> '_unknown'
        ) as customers
        cross join (
            select coalesce(sum(customer_count_change), 0) as change_sum
            from {_table(tables, "fct_identity_change")}
        ) as changes
        """,
    )


def _fall(rule: str, node: Mapping[str, Any], counts: str) -> Check:
    schema, name = node["schema"], node["name"]
    return counted(
        f"{rule}_{name}",
        f"{name} has at most {RULES[rule].budget_pct:g} % fewer rows than published.",
        f"""
        select
            count_before as rows_checked,
            greatest(count_before - count_now, 0) as rows_failed,
            count_before || ' to ' || count_now as observed
        from (
            select count({counts}) as count_now from {relation(schema, name)}
        ) as now
        cross join (
            select count({counts}) as count_before
            from {relation(schema, name, database="previous")}
        ) as before
        """,
        rule=RULES[rule],
    )
