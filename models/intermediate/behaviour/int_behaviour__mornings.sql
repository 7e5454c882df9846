{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_behaviour__states'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with days as (
    select * from {{ ref('int_behaviour__days') }}
),

psychographics as (
    select * from {{ ref('int_customer__psychographics') }}
),

cycles as (
    select * from {{ ref('int_behaviour__cycles') }}
),

customers as (
    {{ rows_of_touched_keys('cycles', key) }}
),

touched_days as (
    {{ rows_of_touched_keys('days', key) }}
),

waits as (
    select
        customers.*,
        days.behaviour_date as purchase_date,
        min(days.behaviour_date) over (partition by customers.customer_id)
            as first_purchase_date,
        least(
            lead(days.behaviour_date, 1, customers.business_date) over (
                partition by customers.customer_id
                order by days.behaviour_date nulls last
            ),
            customers.business_date
        ) as waited_until
    from customers
    inner join touched_days as days on customers.customer_id = days.customer_id
    where days.purchase_count > 0
),

turns as (
    -- Mornings on which waiting alone may change the state.
    {%- for since, wait_days, until in [
        ('purchase_date', 'at_risk_days', 'waited_until'),
        ('purchase_date', 'inactive_days', 'waited_until'),
        ('purchase_date', 'lost_days', 'waited_until'),
        ('first_purchase_date', 'at_risk_days', 'business_date'),
    ] %}
    select
        customer_id,
        cast({{ dbt.dateadd('day', wait_days ~ ' + 1', since) }} as date)
            as from_date
    from waits
    where
        {{ dbt.datediff(since, until, 'day') }}
        > {{ wait_days }}
    {{ "union distinct" if not loop.last }}
    {%- endfor %}
),

mornings as (
    -- What is done or said on a day counts from the next morning on.
    select
        customer_id,
        date '1900-01-01' as from_date,
        cast(null as date) as behaviour_date,
        true as is_certain
    from customers
    union all
    select
        customers.customer_id,
        cast({{ dbt.dateadd('day', 1, 'days.behaviour_date') }} as date) as from_date,
        days.behaviour_date,
        true as is_certain
    from customers
    inner join touched_days as days on customers.customer_id = days.customer_id
    where days.purchase_count + days.return_line_count + days.answer_count > 0
    union all
    select
        customers.customer_id,
        cast(
            {{ dbt.dateadd('day', 1, local_date('psychographics.valid_from')) }} as date
        ) as from_date,
        cast(null as date) as behaviour_date,
        true as is_certain
    from customers
    inner join psychographics on customers.customer_id = psychographics.customer_id
    where psychographics.valid_from > timestamp '1900-01-01'
    union all
    select
        customer_id,
        from_date,
        cast(null as date) as behaviour_date,
        false as is_certain
    from turns
),

final as (
    select
        customer_id,
        from_date,
        max(behaviour_date) as behaviour_date,
        bool_or(is_certain) as is_certain
    from mornings
    group by customer_id, from_date
)

select * from final
