with source as (
    select * from {{ source('call_centre', 'tickets') }}
),

renamed as (
    select
        {{ delivery_columns(
            'call_centre', clock=typed('call_centre', 'tickets', 'updated_at')
        ) }},

        -- keys
        {{ typed('call_centre', 'tickets', 'ticket') }} as complaint_record_id,
        {{ typed('call_centre', 'tickets', 'customer_source') }} as party_source_name,
        {{ typed('call_centre', 'tickets', 'customer_id') }} as party_record_id,
        'shop_system' as product_source_name,
        {{ typed('call_centre', 'tickets', 'product_id') }} as product_record_id,
        'staff' as agent_source_name,
        {{ typed('call_centre', 'tickets', 'handler') }} as agent_record_id,

        -- attributes
        {{ typed('call_centre', 'tickets', 'ticket') }} as complaint_number,
        {{ typed('call_centre', 'tickets', 'handler') }} as agent_code,
        {{ typed('call_centre', 'tickets', 'channel') }} as channel_code,
        {{ typed('call_centre', 'tickets', 'reason') }} as reason_code,
        {{ typed('call_centre', 'tickets', 'outcome') }} as outcome_code,

        -- timestamps
        {{ typed('call_centre', 'tickets', 'raised_at') }} as raised_at,
        {{ typed('call_centre', 'tickets', 'assigned_at') }} as assigned_at,
        {{ typed('call_centre', 'tickets', 'answered_at') }} as answered_at,
        {{ typed('call_centre', 'tickets', 'closed_at') }} as closed_at
    from source
)

select * from renamed
