"""The checks of the gate that nothing delivered was lost or doubled on the way.

What stands in the input layer is counted apart from the models in between. Each check
is made only where its tables are published.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from expectations.amounts import sale_amounts
from expectations.narrowing import News
from expectations.said import Said
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
COUNTS = """
select
    input_count as rows_checked,
    abs(fact_count - input_count) as rows_failed,
    fact_count || ' against ' || input_count as observed
from (select count(*) as fact_count from $fact) as fact
cross join (select $input_count as input_count) as said
"""
OPEN = "timestamp '9999-12-31'"


def conserved_checks(tables: Tables, news: News | None) -> list[Check]:
    """Make the checks that compare what is published with the input layer.

    Args:
        tables: The published models.
        news: What happened since they were asked, if anything is known.
    """
    made = [
        ({"bridge_customer_identity"}, _records_have_one_customer),
        ({"bridge_customer_identity"}, _customers_have_few_records),
        ({"fct_consent"}, _consents_do_not_contradict),
    ]
    return [
        *(_events(tables, fact, news) for fact in EVENTS if fact in tables),
        *([sale_amounts(tables["fct_sale"], news)] if "fct_sale" in tables else []),
        *(make(tables) for names, make in made if names <= set(tables)),
        *(_customers_known(tables, fact) for fact in WITH_CUSTOMERS if fact in tables),
    ]


def _name(tables: Tables, name: str) -> str:
    return f"{tables[name]['schema']}.{name}"


def _table(tables: Tables, name: str) -> str:
    return relation(tables[name]["schema"], name)


def _events(tables: Tables, fact: str, news: News | None) -> Check:
    entity = EVENTS[fact]
    says = entity.replace("_", " ")
    said = Said(entity)
    asked = partial(filled, COUNTS, fact=_table(tables, fact))
    return counted(
        "sales_equal_input" if entity == "sale" else f"events_equal_input_{fact}",
        f"{fact} has one row for each {says} record of the input that is not deleted.",
        asked(input_count=_count(said.last)),
        brief=asked(input_count=f"({said.changed(news.kept_until, _changed_count)})")
        if news
        else None,
        rule=RULES["sales_equal_input" if entity == "sale" else "events_equal_input"],
        table=_name(tables, fact),
    )


def _count(rows: str) -> str:
    return filled("(select count(*) from ($rows) as counted)", rows=rows)


def _changed_count(now: str, before: str) -> str:
    return f"select $rows_checked + {_count(now)} - {_count(before)}"


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
            latest=Said("party", record="source_record_id").last,
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
