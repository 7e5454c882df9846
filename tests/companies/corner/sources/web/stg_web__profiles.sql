with source as (
    select * from {{ source('web', 'profiles') }}
),

renamed as (
    select
        {{ delivery_columns('web') }},
        {{ left_out({'full_name': 'name', 'email': 'email', 'city': 'city'}) }}
            as left_out,
        {{ typed('web', 'profiles', 'profile') }} as source_record_id,
        'person' as party_kind,
        {{ typed('web', 'profiles', 'name') }} as full_name,
        {{ typed('web', 'profiles', 'email') }} as email,
        {{ typed('web', 'profiles', 'city') }} as city
    from source
)

select * from renamed
