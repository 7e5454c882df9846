with source as (
    select * from {{ source('web', 'registrations') }}
),

renamed as (
    select
        {{ delivery_columns(
            'web',
            clock=typed('web', 'registrations', 'updated_at'),
        ) }},

        -- keys
        concat_ws(':', registration_id, 'email') as contact_point_record_id,
        'web' as party_source_name,
        {{ typed('web', 'registrations', 'registration_id') }} as party_record_id,

        -- attributes
        'email' as contact_type_code,
        {{ typed('web', 'registrations', 'email') }} as contact_value,

        -- flags
        true as is_preferred,

        -- timestamps
        {{ typed('web', 'registrations', 'registered_at') }} as verified_at
    from source
    where email is not null
)

select * from renamed
