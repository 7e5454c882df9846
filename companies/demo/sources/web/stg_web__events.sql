with source as (
    select * from {{ source('web', 'events') }}
),

renamed as (
    select
        {{ delivery_columns('web') }},

        -- keys
        {{ typed('web', 'events', 'event_id') }} as web_event_record_id,
        'web' as party_source_name,
        {{ typed('web', 'events', 'registration_id') }} as party_record_id,
        'shop_system' as product_source_name,
        {{ typed('web', 'events', 'product_id') }} as product_record_id,

        -- attributes
        {{ typed('web', 'events', 'visitor') }} as visitor_code,
        {{ typed('web', 'events', 'session') }} as session_code,
        case {{ typed('web', 'events', 'device') }}
            when 'app' then 'app'
            else 'web'
        end as channel_code,
        {{ typed('web', 'events', 'event_type') }} as event_type_code,
        {{ typed('web', 'events', 'page_path') }} as page_path,
        {{ typed('web', 'events', 'device') }} as device_code,

        -- timestamps
        {{ typed('web', 'events', 'occurred_at') }} as occurred_at
    from source
)

select * from renamed
