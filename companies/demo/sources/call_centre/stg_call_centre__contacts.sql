with source as (
    select * from {{ source('call_centre', 'contacts') }}
),

renamed as (
    select
        {{ delivery_columns('call_centre') }},

        -- keys
        {{ typed('call_centre', 'contacts', 'contact_id') }}
            as service_contact_record_id,
        {{ typed('call_centre', 'contacts', 'caller_source') }} as party_source_name,
        {{ typed('call_centre', 'contacts', 'caller_id') }} as party_record_id,
        'shop_system' as product_source_name,
        {{ typed('call_centre', 'contacts', 'product_id') }} as product_record_id,
        'staff' as agent_source_name,
        {{ typed('call_centre', 'contacts', 'agent') }} as agent_record_id,

        -- attributes
        case {{ typed('call_centre', 'contacts', 'direction') }}
            when 'in' then 'inbound'
            when 'out' then 'outbound'
        end as direction_code,
        case {{ typed('call_centre', 'contacts', 'medium') }}
            when 'telephone' then 'phone'
            when 'chat' then 'web'
            when 'mail' then 'email'
        end as channel_code,
        {{ typed('call_centre', 'contacts', 'reason') }} as reason_code,
        {{ typed('call_centre', 'contacts', 'topic') }} as suggestion_topic_code,
        {{ typed('call_centre', 'contacts', 'outcome') }} as outcome_code,
        {{ typed('call_centre', 'contacts', 'agent') }} as agent_code,
        {{ typed('call_centre', 'contacts', 'note') }} as note,

        -- flags
        {{ typed('call_centre', 'contacts', 'complaint') }} as is_complaint,

        -- measures
        {{ typed('call_centre', 'contacts', 'seconds') }} as duration_seconds,

        -- timestamps
        {{ typed('call_centre', 'contacts', 'started') }} as started_at
    from source
)

select * from renamed
