{{ config(materialized='view') }}

with touches as (
    select * from {{ ref('int_campaign_touch__exposures') }}
),

final as (
    select
        campaign_touch_key,
        customer_id,
        nullif(channel_code, '_unknown') as channel_code,
        {{ local_date('first_response_at') }} as answered_date
    from touches
    where
        customer_id <> '_unknown'
        and response_count > 0
        and first_response_at is not null
)

select * from final
