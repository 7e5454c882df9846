"""The checks of the gate that are written by hand: the whole against its parts.

Each is made only where its tables are published, so that it grows with the models.
"""

from collections.abc import Mapping
from typing import Any

from expectations.conserved import Tables, conserved_checks
from expectations.narrowing import PREVIOUS, News
from expectations.severities import RULES
from expectations.sql import filled, quoted, relation
from expectations.suites import Check, Suite, counted

NO_ROWS = "(select 1 as one) as nothing"
"""The batch of a suite whose checks each name their own tables."""
LEDGER = relation("ledger", "load", database="archive")
CUSTOMERS = "distinct customer_id"
TIME_LEVELS = ("day", "month", "quarter", "year")
PLACE_LEVELS = ("postcode", "city", "region", "all")
SALE_MEASURES = (
    "quantity",
    "gross_amount",
    "discount_amount",
    "net_amount",
    "cost_amount",
)


def totals_suite(tables: Tables, news: News | None = None) -> Suite:
    """Make the suite of totals over several tables.

    Args:
        tables: The published models.
        news: What happened since they were asked, if anything is known.
    """
    made = [
        ({"dim_load"}, _loads_equal_ledger),
        ({"fct_sale", "agg_sales"}, _measures_add_up),
        ({"fct_identity_change", "dim_customer"}, _customer_changes_add_up),
    ]
    checks = [make(tables) for names, make in made if names <= set(tables)]
    return Suite(
        name="gate.totals",
        table="several",
        rows=NO_ROWS,
        checks=[*checks, *_unknown_members(tables), *conserved_checks(tables, news)],
    )


def fall_suite(tables: Tables, *, before: set[str]) -> Suite:
    """Make the suite that compares with the release before.

    A table of what is so now, `meta: {may_shrink: true}`, may be shorter at any time.

    Args:
        tables: The published models.
        before: The tables of that release, with their schemas.
    """
    facts = [
        node
        for name, node in sorted(tables.items())
        if name.startswith("fct_")
        and f"{node['schema']}.{name}" in before
        and not node["config"].get("meta", {}).get("may_shrink")
    ]
    checks = [
        _fall(rule, node)
        for node in facts
        for rule in ("count_does_not_fall", "count_does_not_collapse")
    ]
    if "descriptive.dim_customer" in before and "dim_customer" in tables:
        customers = tables["dim_customer"]
        checks.append(_fall("count_does_not_fall", customers, CUSTOMERS))
    return Suite(name="gate.previous", table="several", rows=NO_ROWS, checks=checks)


def _name(tables: Tables, name: str) -> str:
    return f"{tables[name]['schema']}.{name}"


def _table(tables: Tables, name: str) -> str:
    return relation(tables[name]["schema"], name)


def _loads_equal_ledger(tables: Tables) -> Check:
    return counted(
        "loads_equal_ledger",
        "Every load of the ledger is in dim_load, and no other.",
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (
                    where load_key is null or ledger_key is null
                ) as rows_failed
            from (
                select load_key from $dim_load
                where load_key <> '_unknown'
            ) as known
            full join (
                select cast(load_id as varchar) as ledger_key from $ledger
            ) as ledger on known.load_key = ledger.ledger_key
            """,
            dim_load=_table(tables, "dim_load"),
            ledger=LEDGER,
        ),
        table=_name(tables, "dim_load"),
    )


def _measures_add_up(tables: Tables) -> Check:
    shared = set(tables["agg_sales"]["columns"]) & set(tables["fct_sale"]["columns"])
    measures = [quoted(name) for name in SALE_MEASURES if name in shared]
    return counted(
        "measures_add_up",
        "At every level of time and place, agg_sales adds up to fct_sale by currency.",
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (where $differs) as rows_failed
            from (
                select time_level, place_level, sales.*
                from (select unnest($time_levels) as time_level) as times
                cross join (select unnest($place_levels) as place_level) as places
                cross join (
                    select currency_code, $sums from $fct_sale group by currency_code
                ) as sales
            ) as expected
            full join (
                select time_level, place_level, currency_code, $sums from $aggregate
                group by time_level, place_level, currency_code
            ) as found
                on expected.time_level = found.time_level
                and expected.place_level = found.place_level
                and expected.currency_code = found.currency_code
            """,
            differs=" or ".join(
                f"found.{name} is distinct from expected.{name}" for name in measures
            ),
            time_levels=list(TIME_LEVELS),
            place_levels=list(PLACE_LEVELS),
            aggregate=_table(tables, "agg_sales"),
            sums=", ".join(f"sum({name}) as {name}" for name in measures),
            fct_sale=_table(tables, "fct_sale"),
        ),
        table=_name(tables, "agg_sales"),
    )


def _customer_changes_add_up(tables: Tables) -> Check:
    return counted(
        "customer_changes_add_up",
        "The changes of identity add up to the number of customers.",
        filled(
            """
            select
                customer_count as rows_checked,
                abs(customer_count - change_sum) as rows_failed,
                change_sum || ' against ' || customer_count as observed
            from (
                select count(distinct customer_id) as customer_count
                from $dim_customer
                where is_current and customer_id <> '_unknown'
            ) as customers
            cross join (
                select coalesce(sum(customer_count_change), 0) as change_sum
                from $fct_identity_change
            ) as changes
            """,
            dim_customer=_table(tables, "dim_customer"),
            fct_identity_change=_table(tables, "fct_identity_change"),
        ),
        table=_name(tables, "fct_identity_change"),
    )


def _fall(rule: str, node: Mapping[str, Any], counts: str = "*") -> Check:
    schema, name = node["schema"], node["name"]
    return counted(
        f"{rule}_{name}",
        f"{name} lost at most {RULES[rule].budget_pct:g} % since the last release.",
        filled(
            """
            select
                count_before as rows_checked,
                greatest(count_before - count_now, 0) as rows_failed,
                count_before || ' to ' || count_now as observed
            from (
                select count($counts) as count_now from $now
            ) as now
            cross join (
                select count($counts) as count_before
                from $before
            ) as before
            """,
            counts=counts,
            now=relation(schema, name),
            before=relation(schema, name, database=PREVIOUS),
        ),
        rule=RULES[rule],
        table=f"{schema}.{name}",
    )


def _unknown_members(tables: Tables) -> list[Check]:
    """Make a check of each dimension: facts without a member need one to point at."""
    return [
        counted(
            f"unknown_member_exists_{name}",
            f"{name} has one member _unknown.",
            filled(
                """
                select
                    count(*) as rows_checked,
                    abs(count(*) filter (where $key = '_unknown') - 1) as rows_failed
                from $table
                """,
                key=quoted(node["config"]["meta"]["primary_key"][0]),
                table=_table(tables, name),
            ),
            rule=RULES["unknown_member_exists"],
            table=_name(tables, name),
        )
        for name, node in sorted(tables.items())
        if name.startswith("dim_") and node["config"]["meta"].get("primary_key")
    ]
