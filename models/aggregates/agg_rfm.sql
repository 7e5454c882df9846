{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_periods('fct_customer_standing', 'month_key', [
        'rfm_segment_code', 'recency_score', 'frequency_score', 'monetary_score',
        'order_count', 'net_amount', 'margin_amount',
    ], levels=['month'], period_start='month_key'),
    post_hook=after_touched_periods(),
) }}

with standing as (
    select * from {{ ref('fct_customer_standing') }}
),

final as (
    select
        -- keys
        month_key,
        rfm_segment_code as segment_code,
        recency_score,
        frequency_score,
        monetary_score,

        -- measures
        count(*) as customer_count,
        cast(sum(order_count) as bigint) as order_count,
        cast(sum(net_amount) as decimal(18, 4)) as net_amount,
        cast(sum(margin_amount) as decimal(18, 4)) as margin_amount
    from standing
    where
        rfm_segment_code is not null
        and {{ is_of_touched_period('month', 'month_key') }}
    group by
        month_key, rfm_segment_code, recency_score, frequency_score, monetary_score
)

select * from final
