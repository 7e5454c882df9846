with source as (
    select * from {{ source('campaign', 'exposures') }}
),

renamed as (
    select
        {{ delivery_columns('campaign') }},

        -- keys
        {{ typed('campaign', 'exposures', 'exposure_id') }} as campaign_touch_record_id,
        {{ typed('campaign', 'exposures', 'recipient_source') }} as party_source_name,
        {{ typed('campaign', 'exposures', 'recipient_id') }} as party_record_id,
        'campaign' as campaign_source_name,
        {{ typed('campaign', 'exposures', 'campaign_code') }} as campaign_record_id,

        -- attributes
        'exposure' as touch_type_code,
        {{ typed('campaign', 'exposures', 'channel') }} as channel_code,

        -- timestamps
        {{ typed('campaign', 'exposures', 'sent_at') }} as touched_at
    from source
)

select * from renamed
