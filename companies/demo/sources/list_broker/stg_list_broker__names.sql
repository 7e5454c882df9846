with source as (
    select * from {{ source('list_broker', 'names') }}
),

renamed as (
    select
        {{ delivery_columns(
            'list_broker',
            clock='cast(' ~ typed('list_broker', 'names', 'collected_on') ~ ' as timestamp)',
        ) }},

        -- keys
        {{ typed('list_broker', 'names', 'entry') }} as source_record_id,

        -- attributes
        {{ typed('list_broker', 'names', 'entry_type') }} as party_kind,
        {{ typed('list_broker', 'names', 'name') }} as full_name,
        {{ typed('list_broker', 'names', 'email') }} as email,
        {{ typed('list_broker', 'names', 'mobile') }} as mobile,
        {{ typed('list_broker', 'names', 'phone') }} as phone,
        {{ typed('list_broker', 'names', 'address') }} as address_line,
        {{ typed('list_broker', 'names', 'postcode') }} as postcode,
        {{ typed('list_broker', 'names', 'city') }} as city,
        {{ typed('list_broker', 'names', 'region') }} as region,
        {{ typed('list_broker', 'names', 'country') }} as country_code,
        'list' as registration_channel_code,

        -- timestamps
        cast({{ typed('list_broker', 'names', 'collected_on') }} as timestamp)
            as registered_at,
        cast({{ typed('list_broker', 'names', 'collected_on') }} as timestamp)
            as collected_at
    from source
)

select * from renamed
