{%- set key, tells = ['customer_id'], ['campaign_touch_key'] -%}
{%- set reads = reads_of_known_customers(
    ['int_campaign_touch__exposures', 'int_sale__lines']
) -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=tells)) }}

with exposures as (
    select * from {{ ref('int_campaign_touch__exposures') }}
),

sales as (
    select * from {{ ref('int_sale__lines') }}
),

{% for rows in ['exposures', 'sales'] -%}
touched_{{ rows }} as (
    {{ rows_of_touched_keys(rows, key) }}
),

{% endfor -%}
chances as (
    -- Who redeems a coupon says which campaign it was.
    select
        sales.customer_id,
        sales.source_name,
        sales.order_number,
        sales.sale_key,
        sales.company_net_amount,
        exposures.campaign_touch_key,
        row_number() over (
            partition by sales.sale_key
            order by
                exposures.window_from desc nulls last,
                exposures.campaign_touch_key asc nulls last
        ) as chance_rank
    from touched_sales as sales
    inner join touched_exposures as exposures
        on
            sales.customer_id = exposures.customer_id
            and sales.ordered_at >= exposures.window_from
            and sales.ordered_at < exposures.window_to
            -- A message that nothing dates would take all its customer ever bought.
            and exposures.window_from > timestamp '1900-01-01'
            and coalesce(
                sales.campaign_record_id = exposures.campaign_record_id
                and sales.campaign_source_name = exposures.campaign_source_name,
                sales.campaign_record_id is null
            )
    where sales.customer_id <> '_unknown' and exposures.was_exposed
),

final as (
    select
        customer_id,
        campaign_touch_key,
        count(distinct source_name || '|' || order_number) as attributed_order_count,
        cast(sum(company_net_amount) as decimal(18, 4)) as attributed_net_amount
    from chances
    where chance_rank = 1
    group by customer_id, campaign_touch_key
)

select * from final
