with source as (
    select * from {{ source('trial', 'touches') }}
),

renamed as (
    select
        {{ delivery_columns('trial') }},

        -- keys
        {{ typed('trial', 'touches', 'touch_id') }} as campaign_touch_record_id,
        {{ typed('trial', 'touches', 'recipient_source') }} as party_source_name,
        {{ typed('trial', 'touches', 'recipient_id') }} as party_record_id,
        'campaign' as campaign_source_name,
        {{ typed('trial', 'touches', 'campaign_code') }} as campaign_record_id,

        -- attributes
        case {{ typed('trial', 'touches', 'kind') }}
            when 'sent' then 'exposure'
            when 'clicked' then 'response'
        end as touch_type_code,
        'email' as channel_code,
        nullif({{ typed('trial', 'touches', 'kind') }}, 'sent') as response_type_code,

        -- timestamps
        {{ typed('trial', 'touches', 'happened_at') }} as touched_at
    from source
)

select * from renamed
