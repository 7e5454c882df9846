with source as (
    select * from {{ source('post', 'people') }}
),

renamed as (
    select
        {{ delivery_columns('post') }},
        {{ typed('post', 'people', 'id') }} as source_record_id,
        'person' as party_kind,
        {{ typed('post', 'people', 'name') }} as full_name,
        {{ typed('post', 'people', 'email') }} as email,
        {{ typed('post', 'people', 'mobile') }} as mobile,
        {{ typed('post', 'people', 'city') }} as city,
        {{ typed('post', 'people', 'asker') }} as collected_by
    from source
)

select * from renamed
