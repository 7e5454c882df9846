with source as (
    select * from {{ source('house', 'calls') }}
),

renamed as (
    select
        {{ delivery_columns('house') }},
        {{ typed('house', 'calls', 'call') }} as service_contact_record_id,
        'desk' as party_source_name,
        {{ typed('house', 'calls', 'member') }} as party_record_id,
        'house' as product_source_name,
        {{ typed('house', 'calls', 'article') }} as product_record_id,
        'outbound' as direction_code,
        'email' as channel_code,
        {{ typed('house', 'calls', 'outcome') }} as outcome_code,
        {{ typed('house', 'calls', 'tried_at') }} as started_at
    from source
)

select * from renamed
