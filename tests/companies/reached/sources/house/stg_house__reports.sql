with source as (
    select * from {{ source('house', 'reports') }}
),

renamed as (
    select
        {{ delivery_columns('house') }},
        {{ typed('house', 'reports', 'report') }} as contact_point_record_id,
        {{ typed('house', 'reports', 'source') }} as party_source_name,
        {{ typed('house', 'reports', 'record') }} as party_record_id,
        'email' as contact_type_code,
        {{ typed('house', 'reports', 'email') }} as contact_value,
        {{ typed('house', 'reports', 'status') }} as status_code,
        {{ typed('house', 'reports', 'tried_at') }} as status_at
    from source
)

select * from renamed
