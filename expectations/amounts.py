"""The check of the gate that sales have the amounts that were delivered."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from expectations.narrowing import News
from expectations.said import Said
from expectations.sql import filled, relation
from expectations.suites import Check, counted

AMOUNTS = """
with said as ($said),

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
    ) as observed,
    (
        select cast(to_json(list({
            'currency': currency,
            'row_count': row_count,
            'unpriced_count': unpriced_count,
            'quantity': cast(quantity as varchar),
            'net_amount': cast(net_amount as varchar)
        })) as varchar)
        from said
    ) as said
from compared
"""
"""By currency, and `_all` of them. Records that state no currency (`_none`) may count
in any, by that of the product or the company; those without a net amount are priced by
list. So much may a currency have more than was stated; never may it have less, and
quantities of all currencies together are always equal."""
SUMS = """
select
    $currency as currency,
    count(*) as row_count,
    count(*) - count(net_amount) as unpriced_count,
    sum(abs(coalesce(quantity, 0))) as quantity,
    coalesce(sum(abs(net_amount)), 0) as net_amount
from ($latest) as latest
group by rollup (currency_code)
"""
CHANGED_SUMS = """
select
    currency,
    sum(row_count) as row_count,
    sum(unpriced_count) as unpriced_count,
    sum(quantity) as quantity,
    sum(net_amount) as net_amount
from (
    select
        told ->> 'currency' as currency,
        cast(told ->> 'row_count' as bigint) as row_count,
        cast(told ->> 'unpriced_count' as bigint) as unpriced_count,
        cast(told ->> 'quantity' as decimal(38, 4)) as quantity,
        cast(told ->> 'net_amount' as decimal(38, 4)) as net_amount
    from (select unnest(cast($$said as json[])) as told) as noted
    union all
    $now
    union all
    select currency, -row_count, -unpriced_count, -quantity, -net_amount
    from ($before) as before
) as said
group by currency
having sum(row_count) > 0 or currency = '_all'
"""
"""What was said when it was asked last, and of other records since."""
CURRENCY = "if(grouping(currency_code) = 1, '_all', coalesce(currency_code, '_none'))"


def sale_amounts(fact: Mapping[str, Any], news: News | None) -> Check:
    """Make the check of amounts.

    Sums are compared without their signs: on a return, sources sign as they like.

    Args:
        fact: The node of `fct_sale`.
        news: What happened since it was asked, if anything is known.
    """
    said = Said("sale", "currency_code", "quantity", "net_amount")
    asked = partial(
        filled,
        AMOUNTS,
        currency=CURRENCY,
        fct_sale=relation(fact["schema"], "fct_sale"),
    )
    return counted(
        "sale_amounts_equal_input",
        "By currency, fct_sale has the quantity and net amount that were delivered.",
        asked(said=_sums(said.last)),
        brief=asked(said=said.changed(news.kept_until, _changed_sums))
        if news
        else None,
        table=f"{fact['schema']}.fct_sale",
    )


def _sums(latest: str) -> str:
    return filled(SUMS, currency=CURRENCY, latest=latest)


def _changed_sums(now: str, before: str) -> str:
    return filled(CHANGED_SUMS, now=_sums(now), before=_sums(before))
