with delivered as (
    {{ input_rows('party') }}
),

final as (
    select
        *,
        {{ standard_email('email') }} as email_standard,
        {{ standard_phone('mobile', 'country_code') }} as mobile_standard,
        {{ standard_phone('phone', 'country_code') }} as phone_standard,
        {{ standard_national_id('national_id') }} as national_id_standard,
        {{ standard_organisation_code('organisation_code') }}
            as organisation_code_standard,
        {{ standard_postcode('postcode', 'country_code') }} as postcode_standard,
        {{ standard_text('full_name') }} as name_standard,
        {{ standard_text('address_line') }} as address_standard
    from delivered
)

select * from final
