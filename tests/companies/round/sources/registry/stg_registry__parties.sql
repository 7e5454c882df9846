with source as (
    select * from {{ source('registry', 'parties') }}
),

renamed as (
    select
        {{ delivery_columns('registry', typed('registry', 'parties', 'changed')) }},
        {{ typed('registry', 'parties', 'party') }} as source_record_id,
        {{ typed('registry', 'parties', 'kind') }} as party_kind,
        {{ typed('registry', 'parties', 'name') }} as full_name,
        {{ typed('registry', 'parties', 'born') }} as birth_date,
        {{ typed('registry', 'parties', 'email') }} as email,
        {{ typed('registry', 'parties', 'mobile') }} as mobile,
        {{ typed('registry', 'parties', 'address') }} as address_line,
        {{ typed('registry', 'parties', 'postcode') }} as postcode,
        {{ typed('registry', 'parties', 'city') }} as city,
        'DE' as country_code,
        {{ typed('registry', 'parties', 'member') }} as member_number
    from source
)

select * from renamed
