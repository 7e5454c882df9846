{{ config(**made_whole_with_journal(['campaign_touch_key'])) }}

with exposures as (
    select * from {{ ref('int_campaign_touch__exposures') }}
),

sales as (
    select * from {{ ref('int_sale__lines') }}
),

chances as (
    -- Who redeems a coupon says which campaign it was.
    select
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
    from sales
    inner join exposures
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
        campaign_touch_key,
        count(distinct source_name || '|' || order_number) as attributed_order_count,
        sum(company_net_amount) as attributed_net_amount
    from chances
    where chance_rank = 1
    group by campaign_touch_key
)

select * from final
