"""The checks of the gate that nothing delivered was lost or doubled on the way.

What stands in the input layer is counted apart from the models in between. Each check
is made only where its tables are published.
"""

from collections.abc import Mapping
from typing import Any

from expectations.severities import RULES
from expectations.sql import filled, relation
from expectations.suites import Check, counted

Tables = Mapping[str, Mapping[str, Any]]
"""The published models of the manifest, by name."""

EVENTS = {
    "fct_competitor_purchase": "competitor_purchase",
    "fct_complaint": "complaint",
    "fct_consent": "consent",
    "fct_deal_step": "deal_step",
    "fct_sale": "sale",
    "fct_service_contact": "service_contact",
    "fct_service_usage": "service_usage",
    "fct_survey_answer": "survey_answer",
    "fct_web_event": "web_event",
}
"""Facts that have one row per record of an input entity."""
WITH_CUSTOMERS = ("fct_sale", "fct_service_contact", "fct_complaint")
"""Facts that may come without a customer, whose share of such rows is worth knowing."""
LARGEST_CUSTOMER = 30
"""Likeness alone makes no customer of more records; exact keys may."""
AMOUNTS = """
with said as (
    select
        $currency as currency,
        count(*) as row_count,
        count(*) - count(net_amount) as unpriced_count,
        sum(abs(coalesce(quantity, 0))) as quantity,
        coalesce(sum(abs(net_amount)), 0) as net_amount
    from ($latest) as latest
    group by rollup (currency_code)
),

sold as (
    select
        $currency as currency,
        sum(abs(quantity)) as quantity,
        sum(abs(net_amount)) as net_amount
    from $fct_sale
    group by rollup (currency_code)
),

compared as (
    select
        currency = '_all' as is_whole,
        coalesce(said.row_count, 0) as row_count,
        coalesce(said.unpriced_count, 0) as unpriced_count,
        coalesce(sold.quantity, 0) - coalesce(said.quantity, 0) as more_quantity,
        coalesce(sold.net_amount, 0) - coalesce(said.net_amount, 0) as more_net,
        if(is_whole, 0, coalesce(loose.row_count, 0)) as loose_count,
        if(is_whole, 0, coalesce(loose.quantity, 0)) as loose_quantity,
        if(is_whole, 0, coalesce(loose.net_amount, 0)) as loose_net,
        coalesce(said.unpriced_count, 0) = 0
        and (is_whole or coalesce(loose.unpriced_count, 0) = 0) as is_priced
    from said
    full join sold using (currency)
    left join said as loose on loose.currency = '_none'
    where currency <> '_none'
)

select
    count(*) as rows_checked,
    count(*) filter (
        where more_quantity < 0 or more_quantity > loose_quantity
        or more_net < 0 or (is_priced and more_net > loose_net)
    ) as rows_failed,
    concat_ws(
        '; ',
        count(*) filter (not is_whole) || ' currencies and all together',
        if(
            bool_and(is_priced), null,
            'net amount of ' || count(*) filter (not is_priced and not is_whole)
            || ' compared only as a minimum: '
            || max(unpriced_count) || ' records state none'
        ),
        if(
            max(loose_count) = 0, null,
            'by currency within the bounds of '
            || max(loose_count) || ' records that state none'
        )
    ) as observed
from compared
"""
"""By currency, and `_all` of them. Records that state no currency (`_none`) may count
in any, by that of the product or the company; those without a net amount are priced by
list. So much may a currency have more than was stated; never may it have less, and
quantities of all currencies together are always equal."""
CURRENCY = "if(grouping(currency_code) = 1, '_all', coalesce(currency_code, '_none'))"
OPEN = "timestamp '9999-12-31'"


def conserved_checks(tables: Tables) -> list[Check]:
    """Make the checks that compare what is published with the input layer.

    Args:
        tables: The published models.
    """
    made = [
        ({"fct_sale"}, _sale_amounts),
        ({"bridge_customer_identity"}, _records_have_one_customer),
        ({"bridge_customer_identity"}, _customers_have_few_records),
        ({"fct_consent"}, _consents_do_not_contradict),
    ]
    return [
        *(_events(tables, fact) for fact in EVENTS if fact in tables),
        *(make(tables) for names, make in made if names <= set(tables)),
        *(_customers_known(tables, fact) for fact in WITH_CUSTOMERS if fact in tables),
    ]


def _name(tables: Tables, name: str) -> str:
    return f"{tables[name]['schema']}.{name}"


def _table(tables: Tables, name: str) -> str:
    return relation(tables[name]["schema"], name)


def _latest(entity: str, record: str, *columns: str) -> str:
    """Return the query of what was said last of each record that is not deleted."""
    values = ["is_deleted", *columns]
    return filled(
        """
        select
            source_name,
            $record
            $columns
        from (
            select
                source_name,
                $record,
                max_by({$values}, (delivered_on, load_id, load_row)) as last
            from $input
            group by source_name, $record
        ) as said
        where not last.is_deleted
        """,
        record=record,
        columns="".join(f", last.{column}" for column in columns),
        values=", ".join(f"'{value}': {value}" for value in values),
        input=relation("input", f"input_{entity}"),
    )


def _events(tables: Tables, fact: str) -> Check:
    entity = EVENTS[fact]
    says = entity.replace("_", " ")
    return counted(
        "sales_equal_input" if entity == "sale" else f"events_equal_input_{fact}",
        f"{fact} has one row for each {says} record of the input that is not deleted.",
        filled(
            """
            select
                input_count as rows_checked,
                abs(fact_count - input_count) as rows_failed,
                fact_count || ' against ' || input_count as observed
            from (select count(*) as fact_count from $fact) as fact
            cross join (select count(*) as input_count from ($latest) as latest) as said
            """,
            fact=_table(tables, fact),
            latest=_latest(entity, f"{entity}_record_id"),
        ),
        rule=RULES["sales_equal_input" if entity == "sale" else "events_equal_input"],
        table=_name(tables, fact),
    )


def _sale_amounts(tables: Tables) -> Check:
    """Compare sums without their signs: on a return, sources sign as they like."""
    return counted(
        "sale_amounts_equal_input",
        "By currency, fct_sale has the quantity and net amount that were delivered.",
        filled(
            AMOUNTS,
            currency=CURRENCY,
            latest=_latest(
                "sale", "sale_record_id", "currency_code", "quantity", "net_amount"
            ),
            fct_sale=_table(tables, "fct_sale"),
        ),
        table=_name(tables, "fct_sale"),
    )


def _links(tables: Tables) -> str:
    return filled(
        "select * from $bridge where known_to = $open and valid_to = $open",
        bridge=_table(tables, "bridge_customer_identity"),
        open=OPEN,
    )


def _records_have_one_customer(tables: Tables) -> Check:
    return counted(
        "records_have_one_customer",
        "Each record of a party that is not deleted is linked to one customer.",
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (where link_count is distinct from 1) as rows_failed
            from ($latest) as latest
            left join (
                select source_name, source_record_id, count(*) as link_count
                from ($links) as links
                group by source_name, source_record_id
            ) as linked using (source_name, source_record_id)
            """,
            latest=_latest("party", "source_record_id"),
            links=_links(tables),
        ),
        table=_name(tables, "bridge_customer_identity"),
    )


def _customers_have_few_records(tables: Tables) -> Check:
    return counted(
        "customers_have_few_records",
        f"No customer has more than {LARGEST_CUSTOMER} records.",
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (where record_count > $most) as rows_failed,
                max(record_count) || ' at most' as observed
            from (
                select customer_id, count(*) as record_count
                from ($links) as links
                group by customer_id
            ) as customers
            """,
            most=LARGEST_CUSTOMER,
            links=_links(tables),
        ),
        table=_name(tables, "bridge_customer_identity"),
    )


def _consents_do_not_contradict(tables: Tables) -> Check:
    return counted(
        "consents_do_not_contradict",
        "Nobody grants and withdraws the same consent at the same moment.",
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (where word_count > 1) as rows_failed
            from (
                select count(distinct is_granted) as word_count
                from $fct_consent
                where customer_id <> '_unknown'
                group by customer_id, purpose_code, channel_code, consented_at
            ) as words
            """,
            fct_consent=_table(tables, "fct_consent"),
        ),
        table=_name(tables, "fct_consent"),
    )


def _customers_known(tables: Tables, fact: str) -> Check:
    rule = RULES["customers_are_known"]
    return counted(
        f"customers_are_known_{fact}",
        f"At most {rule.budget_pct:g} % of the rows of {fact} have no customer.",
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (where customer_id = '_unknown') as rows_failed
            from $fact
            """,
            fact=_table(tables, fact),
        ),
        rule=rule,
        column="customer_id",
        table=_name(tables, fact),
    )
