{%- set key, reads = ['customer_id'], reads_of_purchases() -%}
{{ config(**built_by_keys(key, reads)) }}

with sale_lines as (
    select * from {{ ref('int_sale__lines') }}
),

customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

business as (
    select * from {{ ref('int_source__business_date') }}
),

orders as (
    -- An order counts on each day on which something of it was bought, not brought back.
    select
        customer_id,
        source_name,
        order_number,
        ordered_on as order_date,
        max(case when is_return then 0 else 1 end) as order_count,
        sum(company_net_amount) as net_amount,
        sum(company_margin_amount) as margin_amount
    from ({{ rows_of_touched_keys('sale_lines', key) }}) as sale_lines
    where customer_id <> '_unknown'
    group by customer_id, source_name, order_number, ordered_on
),

events as (
    select
        customer_id,
        order_date as event_date,
        order_count,
        net_amount,
        margin_amount
    from orders
    union all
    select
        customer_id,
        {{ local_date('min(first_seen_at)') }} as event_date,
        0 as order_count,
        0 as net_amount,
        0 as margin_amount
    from ({{ rows_of_touched_keys('customer_versions', key) }})
        as customer_versions
    group by customer_id
),

final as (
    select
        events.customer_id,
        cast({{ dbt.date_trunc('month', 'events.event_date') }} as date)
            as month_start,
        cast(sum(events.order_count) as integer) as order_count,
        cast(coalesce(sum(events.net_amount), 0) as decimal(18, 4)) as net_amount,
        cast(coalesce(sum(events.margin_amount), 0) as decimal(18, 4))
            as margin_amount,
        min(events.event_date) filter (where events.order_count = 1)
            as first_purchase_date,
        max(events.event_date) filter (where events.order_count = 1)
            as last_purchase_date
    from events
    inner join business on events.event_date <= business.business_date
    group by
        events.customer_id,
        cast({{ dbt.date_trunc('month', 'events.event_date') }} as date)
)

select * from final
