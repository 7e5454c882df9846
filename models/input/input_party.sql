with delivered as (
    {{ input_rows('party') }}
),

legal_forms as (
    {{ dictionary('legal_form') }}
),

spellings as (
    select {{ in_one_text('code') }} as legal_forms
    from legal_forms
),

standard as (
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
),

named as (
    select
        standard.*,
        case
            when standard.party_kind = 'organisation'
                then {{ organisation_key(
                    'standard.name_standard', 'spellings.legal_forms'
                ) }}
            else {{ person_key('standard.name_standard') }}
        end as name_key
    from standard
    cross join spellings
),

final as (
    select
        *,
        case
            when party_kind = 'organisation' then {{ organisation_latin('name_key') }}
            else {{ person_latin('name_key') }}
        end as name_latin,
        {{ address_key('address_standard') }} as address_key,
        {{ has_mixed_scripts('full_name') }} as has_mixed_scripts
    from named
)

select * from final
