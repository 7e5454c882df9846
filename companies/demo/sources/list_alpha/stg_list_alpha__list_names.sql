with source as (
    select * from {{ source('list_alpha', 'names') }}
),

renamed as (
    select
        {{ delivery_columns(
            'list_alpha',
            clock='cast(' ~ typed('list_alpha', 'names', 'collected_on') ~ ' as timestamp)',
        ) }},

        -- keys
        {{ typed('list_alpha', 'names', 'entry') }} as list_name_record_id,
        'list_alpha' as party_source_name,
        {{ typed('list_alpha', 'names', 'entry') }} as party_record_id,

        -- attributes
        {{ typed('list_alpha', 'names', 'list_code') }} as list_code,
        {{ typed('list_alpha', 'names', 'edition') }} as list_version,

        -- dates
        {{ typed('list_alpha', 'names', 'collected_on') }} as collected_on
    from source
)

select * from renamed
