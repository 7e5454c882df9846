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
        concat_ws(':', registration_id, 'mobile') as contact_point_record_id,
        'web' as party_source_name,
        {{ typed('web', 'registrations', 'registration_id') }} as party_record_id,

        -- attributes
        'mobile' as contact_type_code,
        {{ typed('web', 'registrations', 'mobile') }} as contact_value,
        {{ typed('web', 'registrations', 'country') }} as country_code
    from source
    where mobile is not null
)

select * from renamed
