with source as (
    select * from {{ source('list_beta', 'names') }}
),

renamed as (
    select
        {{ delivery_columns(
            'list_beta',
            clock='cast(' ~ typed('list_beta', 'names', 'collected_on') ~ ' as timestamp)',
        ) }},

        -- keys
        {{ typed('list_beta', 'names', 'entry') }} as source_record_id,

        -- attributes
        {{ typed('list_beta', 'names', 'entry_type') }} as party_kind,
        {{ typed('list_beta', 'names', 'name') }} as full_name,
        {{ typed('list_beta', 'names', 'organisation_code') }} as organisation_code,
        {{ typed('list_beta', 'names', 'email') }} as email,
        {{ typed('list_beta', 'names', 'mobile') }} as mobile,
        {{ typed('list_beta', 'names', 'phone') }} as phone,
        {{ typed('list_beta', 'names', 'website') }} as website,
        {{ typed('list_beta', 'names', 'address') }} as address_line,
        {{ typed('list_beta', 'names', 'postcode') }} as postcode,
        {{ typed('list_beta', 'names', 'city') }} as city,
        {{ typed('list_beta', 'names', 'region') }} as region,
        {{ typed('list_beta', 'names', 'country') }} as country_code,
        {{ typed('list_beta', 'names', 'industry') }} as industry_code,
        {{ typed('list_beta', 'names', 'size') }} as size_code,
        'list' as registration_channel_code,

        -- timestamps
        cast({{ typed('list_beta', 'names', 'collected_on') }} as timestamp)
            as registered_at,
        cast({{ typed('list_beta', 'names', 'collected_on') }} as timestamp)
            as collected_at
    from source
)

select * from renamed
