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
        {{ typed('list_alpha', 'names', 'entry') }} as source_record_id,

        -- attributes
        'person' as party_kind,
        {{ typed('list_alpha', 'names', 'full_name') }} as full_name,
        {{ typed('list_alpha', 'names', 'sex') }} as sex_code,
        {{ typed('list_alpha', 'names', 'income_band') }} as income_band_code,
        case {{ typed('list_alpha', 'names', 'age_band') }}
            when '19-24' then '19_24'
            when '25-34' then '25_34'
            when '35-44' then '35_44'
            when '45-54' then '45_54'
            when '55-64' then '55_64'
            when '65+' then '65_plus'
        end as age_band_code,
        {{ typed('list_alpha', 'names', 'email') }} as email,
        {{ typed('list_alpha', 'names', 'mobile') }} as mobile,
        {{ typed('list_alpha', 'names', 'phone') }} as phone,
        {{ typed('list_alpha', 'names', 'address') }} as address_line,
        {{ typed('list_alpha', 'names', 'postcode') }} as postcode,
        {{ typed('list_alpha', 'names', 'city') }} as city,
        {{ typed('list_alpha', 'names', 'region') }} as region,
        {{ typed('list_alpha', 'names', 'country') }} as country_code,
        {{ typed('list_alpha', 'names', 'currency') }} as currency_code,
        'list' as registration_channel_code,

        -- flags
        {{ typed('list_alpha', 'names', 'home_owner') }} as is_home_owner,

        -- measures
        {{ typed('list_alpha', 'names', 'annual_income') }} as annual_income_amount,
        {{ typed('list_alpha', 'names', 'children') }} as children_count,

        -- timestamps
        cast({{ typed('list_alpha', 'names', 'collected_on') }} as timestamp)
            as registered_at,
        cast({{ typed('list_alpha', 'names', 'collected_on') }} as timestamp)
            as collected_at
    from source
)

select * from renamed
