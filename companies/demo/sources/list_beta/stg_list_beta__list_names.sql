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
        {{ typed('list_beta', 'names', 'entry') }} as list_name_record_id,
        'list_beta' as party_source_name,
        {{ typed('list_beta', 'names', 'entry') }} as party_record_id,

        -- attributes
        'BETA-DIRECTORY' as list_code,
        {{ typed('list_beta', 'names', 'edition') }} as list_version,

        -- dates
        {{ typed('list_beta', 'names', 'collected_on') }} as collected_on
    from source
)

select * from renamed
