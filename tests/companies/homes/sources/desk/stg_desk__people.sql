with source as (
    select * from {{ source('desk', 'people') }}
),

renamed as (
    select
        {{ delivery_columns('desk', typed('desk', 'people', 'changed')) }},
        {{ typed('desk', 'people', 'person') }} as source_record_id,
        'person' as party_kind,
        {{ typed('desk', 'people', 'name') }} as full_name,
        {{ typed('desk', 'people', 'born') }} as birth_date,
        {{ typed('desk', 'people', 'address') }} as address_line,
        {{ typed('desk', 'people', 'postcode') }} as postcode,
        {{ typed('desk', 'people', 'city') }} as city,
        'DE' as country_code,
        {{ typed('desk', 'people', 'phone') }} as phone,
        {{ typed('desk', 'people', 'member') }} as member_number
    from source
)

select * from renamed
