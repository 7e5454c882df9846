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
        {{ typed('list_broker', 'names', 'entry') }} as list_name_record_id,
        'list_broker' as party_source_name,
        {{ typed('list_broker', 'names', 'entry') }} as party_record_id,

        -- attributes
        {{ typed('list_broker', 'names', 'list_code') }} as list_code,
        {{ typed('list_broker', 'names', 'edition') }} as list_version,

        -- dates
        {{ typed('list_broker', 'names', 'collected_on') }} as collected_on
    from source
)

select * from renamed
