with source as (
    select * from {{ source('forms', 'claims') }}
),

renamed as (
    select
        {{ delivery_columns('forms') }},
        {{ typed('forms', 'claims', 'record') }} as source_record_id,
        {{ typed('forms', 'claims', 'kind') }} as party_kind,
        {{ typed('forms', 'claims', 'name') }} as full_name,
        {{ typed('forms', 'claims', 'country') }} as country_code,
        {{ typed('forms', 'claims', 'city') }} as city,
        {{ typed('forms', 'claims', 'email') }} as email,
        {{ typed('forms', 'claims', 'mobile') }} as mobile,
        {{ typed('forms', 'claims', 'national_id') }} as national_id,
        {{ typed('forms', 'claims', 'organisation_code') }} as organisation_code,
        {{ typed('forms', 'claims', 'tax_id') }} as tax_id
    from source
)

select * from renamed
