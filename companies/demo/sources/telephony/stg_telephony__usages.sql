with source as (
    select * from {{ source('telephony', 'usages') }}
),

renamed as (
    select
        {{ delivery_columns('telephony') }},

        -- keys
        {{ typed('telephony', 'usages', 'usage_id') }} as service_usage_record_id,
        'member' as party_source_name,
        {{ typed('telephony', 'usages', 'member_id') }} as party_record_id,

        -- attributes
        {{ typed('telephony', 'usages', 'service') }} as service_code,
        {{ typed('telephony', 'usages', 'status') }} as usage_status_code,
        {{ typed('telephony', 'usages', 'other_end') }} as counterpart,

        -- measures
        {{ typed('telephony', 'usages', 'seconds') }} as duration_seconds,

        -- timestamps
        {{ typed('telephony', 'usages', 'started_at') }} as started_at
    from source
)

select * from renamed
