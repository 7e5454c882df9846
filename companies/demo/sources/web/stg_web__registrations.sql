with source as (
    select * from {{ source('web', 'registrations') }}
),

renamed as (
    select
        {{ delivery_columns(
            'web',
            clock=typed('web', 'registrations', 'updated_at'),
        ) }},

        -- keys
        {{ typed('web', 'registrations', 'registration_id') }} as source_record_id,

        -- attributes
        case {{ typed('web', 'registrations', 'account_type') }}
            when 'P' then 'person'
            when 'C' then 'organisation'
        end as party_kind,
        {{ typed('web', 'registrations', 'full_name') }} as full_name,
        {{ typed('web', 'registrations', 'family_name') }} as family_name,
        {{ typed('web', 'registrations', 'given_name') }} as given_name,
        {{ typed('web', 'registrations', 'title') }} as name_title,
        case {{ typed('web', 'registrations', 'sex') }}
            when 'F' then 'female'
            when 'M' then 'male'
            when 'X' then 'other'
        end as sex_code,
        {{ typed('web', 'registrations', 'occupation') }} as occupation_code,
        {{ typed('web', 'registrations', 'education') }} as education_code,
        {{ typed('web', 'registrations', 'company_code') }} as organisation_code,
        {{ typed('web', 'registrations', 'member_number') }} as member_number,
        {{ typed('web', 'registrations', 'email') }} as email,
        {{ typed('web', 'registrations', 'mobile') }} as mobile,
        {{ typed('web', 'registrations', 'address_line') }} as address_line,
        {{ typed('web', 'registrations', 'postcode') }} as postcode,
        {{ typed('web', 'registrations', 'city') }} as city,
        {{ typed('web', 'registrations', 'region') }} as region,
        {{ typed('web', 'registrations', 'country') }} as country_code,
        {{ typed('web', 'registrations', 'signed_up_with') }}
            as registration_channel_code,
        {{ typed('web', 'registrations', 'life_style') }} as life_style_code,
        replace({{ typed('web', 'registrations', 'interests') }}, ';', ',')
            as interest_codes,

        -- measures
        {{ typed('web', 'registrations', 'household_size') }} as household_size,

        -- dates
        {{ typed('web', 'registrations', 'birth_date') }} as birth_date,

        -- timestamps
        {{ typed('web', 'registrations', 'registered_at') }} as registered_at,

        -- flags of the delivery
        {{ left_out({
            'party_kind': 'account_type',
            'name_title': 'title',
            'full_name': 'full_name',
            'family_name': 'family_name',
            'given_name': 'given_name',
            'sex_code': 'sex',
            'birth_date': 'birth_date',
            'organisation_code': 'company_code',
            'email': 'email',
            'mobile': 'mobile',
            'member_number': 'member_number',
            'occupation_code': 'occupation',
            'education_code': 'education',
            'household_size': 'household_size',
            'life_style_code': 'life_style',
            'interest_codes': 'interests',
            'registration_channel_code': 'signed_up_with',
            'address_line': 'address_line',
            'postcode': 'postcode',
            'city': 'city',
            'region': 'region',
            'country_code': 'country',
            'registered_at': 'registered_at',
        }) }} as left_out
    from source
)

select * from renamed
