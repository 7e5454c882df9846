with source as (
    select * from {{ source('service', 'uses') }}
),

renamed as (
    select
        {{ delivery_columns('service') }},
        {{ typed('service', 'uses', 'use') }} as service_usage_record_id,
        'desk' as party_source_name,
        {{ typed('service', 'uses', 'member') }} as party_record_id,
        {{ typed('service', 'uses', 'address') }} as counterpart,
        {{ typed('service', 'uses', 'started_at') }} as started_at
    from source
)

select * from renamed
