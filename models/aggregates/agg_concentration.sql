{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_periods(
        'fct_customer_standing', 'month_key', ['net_amount', 'is_deleted'],
        members={'dim_customer': ['customer_key', 'party_kind']},
        levels=['month'], period_start='month_key',
    ),
    post_hook=after_touched_periods(),
) }}

with standing as (
    select * from {{ ref('fct_customer_standing') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

buyers as (
    select
        standing.month_key,
        customers.party_kind,
        standing.net_amount
    from standing
    inner join customers on standing.customer_key = customers.customer_key
    where
        standing.net_amount > 0
        and not standing.is_deleted
        and {{ is_of_touched_period('month', 'standing.month_key') }}
),

grouped as (
    select
        month_key,
        party_kind as customer_group,
        net_amount
    from buyers
    union all
    select
        month_key,
        'all' as customer_group,
        net_amount
    from buyers
),

ranked as (
    select
        month_key,
        customer_group,
        net_amount,
        cast(net_amount / nullif(sum(net_amount) over everybody, 0) as decimal(13, 12))
            as share,
        row_number() over smallest_first as size_rank,
        count(*) over everybody as buyer_count,
        sum(net_amount) over everybody as group_amount,
        sum(net_amount) over smallest_first as amount_up_to
    from grouped
    window
        everybody as (partition by month_key, customer_group),
        smallest_first as (
            partition by month_key, customer_group
            order by net_amount nulls first
            rows between unbounded preceding and current row
        )
),

final as (
    select
        -- keys
        month_key,
        customer_group,

        -- measures
        max(buyer_count) as buyer_count,
        cast(max(group_amount) as decimal(18, 4)) as net_amount,
        cast(100 * max(share) as decimal(9, 4))
            as largest_share_pct,
        {%- for name, is_among in {
            'largest_ten': 'size_rank > buyer_count - 10',
            'largest_percent': '100 * (buyer_count - size_rank) < buyer_count',
            'largest_fifth': '5 * (buyer_count - size_rank) < buyer_count',
        }.items() %}
        cast(100 * sum(share) filter (where {{ is_among }}) as decimal(9, 4))
            as {{ name }}_share_pct,
        {%- endfor %}
        count(*) filter (
            where 5 * (group_amount - amount_up_to) < 4 * group_amount
        ) as key_account_count,
        cast(
            sum((2 * size_rank - buyer_count - 1) * share)
            / nullif(max(buyer_count), 0) as decimal(9, 6)
        ) as gini_index,
        cast(10000 * sum(share * share) as decimal(9, 2)) as herfindahl_index
    from ranked
    group by month_key, customer_group
)

select * from final
