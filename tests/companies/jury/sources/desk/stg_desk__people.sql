with source as (
    select * from {{ source('desk', 'people') }}
),

renamed as (
    select
        {{ delivery_columns('desk') }},
        {{ typed('desk', 'people', 'id') }} as source_record_id,
        'person' as party_kind,
        {{ typed('desk', 'people', 'name') }} as full_name,
        {{ typed('desk', 'people', 'email') }} as email,
        {{ typed('desk', 'people', 'mobile') }} as mobile,
        {{ typed('desk', 'people', 'city') }} as city
    from source
)

select * from renamed
