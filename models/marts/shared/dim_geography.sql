{%- set told = [
    'geography_key',
    'postcode_place_code',
    'city_place_code',
    'region_place_code',
] -%}
{{ config(**made_whole_with_journal(told, told)) }}

with places as (
    select * from {{ ref('int_geography__places') }}
),

members as (
    select
        geography_key,
        postcode,
        city,
        region,
        country_code
    from places
    union all
    select
        '_unknown' as geography_key,
        '_unknown' as postcode,
        '_unknown' as city,
        '_unknown' as region,
        '_unknown' as country_code
),

final as (
    select
        -- keys
        geography_key,
        case
            when postcode = '_unknown' then '_unknown'
            else country_code || '/' || postcode
        end as postcode_place_code,
        case
            when city = '_unknown' then '_unknown'
            else country_code || '/' || region || '/' || city
        end as city_place_code,
        case
            when region = '_unknown' then '_unknown'
            else country_code || '/' || region
        end as region_place_code,

        -- attributes
        postcode,
        city,
        region,
        country_code
    from members
)

select * from final
