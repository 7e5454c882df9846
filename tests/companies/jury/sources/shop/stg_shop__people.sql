with source as (
    select * from {{ source('shop', 'people') }}
),

renamed as (
    select
        {{ delivery_columns('shop') }},
        {{ typed('shop', 'people', 'id') }} as source_record_id,
        'person' as party_kind,
        {{ typed('shop', 'people', 'name') }} as full_name,
        {{ typed('shop', 'people', 'email') }} as email,
        {{ typed('shop', 'people', 'mobile') }} as mobile,
        {{ typed('shop', 'people', 'city') }} as city
    from source
)

select * from renamed
