with source as (
    select * from {{ source('campaign', 'responses') }}
),

renamed as (
    select
        {{ delivery_columns('campaign') }},

        -- keys
        {{ typed('campaign', 'responses', 'response_id') }} as campaign_touch_record_id,
        {{ typed('campaign', 'responses', 'recipient_source') }} as party_source_name,
        {{ typed('campaign', 'responses', 'recipient_id') }} as party_record_id,
        'campaign' as campaign_source_name,
        {{ typed('campaign', 'responses', 'campaign_code') }} as campaign_record_id,

        -- attributes
        'response' as touch_type_code,
        {{ typed('campaign', 'responses', 'channel') }} as channel_code,
        {{ typed('campaign', 'responses', 'response') }} as response_type_code,
        {{ typed('campaign', 'responses', 'coupon') }} as coupon_code,

        -- timestamps
        {{ typed('campaign', 'responses', 'responded_at') }} as touched_at
    from source
)

select * from renamed
