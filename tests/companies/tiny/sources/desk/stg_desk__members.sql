with source as (
    select * from {{ source('desk', 'members') }}
),

renamed as (
    select
        {{ delivery_columns('desk') }},
        {{ typed('desk', 'members', 'member') }} as source_record_id,
        'person' as party_kind,
        {{ typed('desk', 'members', 'name') }} as full_name,
        {{ typed('desk', 'members', 'email') }} as email,
        {{ typed('desk', 'members', 'city') }} as city
    from source
)

select * from renamed
