with source as (
    select * from {{ source('member', 'cards') }}
),

renamed as (
    select
        {{ delivery_columns(
            'member',
            clock=typed('member', 'cards', 'updated_at'),
        ) }},

        -- keys
        concat_ws(':', member_id, 'mobile') as contact_point_record_id,
        'member' as party_source_name,
        {{ typed('member', 'cards', 'member_id') }} as party_record_id,

        -- attributes
        'mobile' as contact_type_code,
        {{ typed('member', 'cards', 'mobile') }} as contact_value,
        {{ typed('member', 'cards', 'country') }} as country_code
    from source
    where mobile is not null
)

select * from renamed
