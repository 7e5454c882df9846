with source as (
    select * from {{ source('member', 'cards') }}
),

renamed as (
    select
        {{ delivery_columns(
            'member',
            clock=typed('member', 'cards', 'updated_at'),
        ) }},

        -- keys
        {{ typed('member', 'cards', 'member_id') }} as source_record_id,

        -- attributes
        case {{ typed('member', 'cards', 'holder') }}
            when '个人' then 'person'
            when '单位' then 'organisation'
        end as party_kind,
        {{ typed('member', 'cards', 'name') }} as full_name,
        case {{ typed('member', 'cards', 'sex') }}
            when '女' then 'female'
            when '男' then 'male'
        end as sex_code,
        case {{ typed('member', 'cards', 'marital_status') }}
            when '未婚' then 'single'
            when '已婚' then 'married'
            when '离异' then 'divorced'
            when '丧偶' then 'widowed'
        end as marital_status_code,
        {{ typed('member', 'cards', 'income_band') }} as income_band_code,
        {{ typed('member', 'cards', 'id_number') }} as national_id,
        {{ typed('member', 'cards', 'company_code') }} as organisation_code,
        {{ typed('member', 'cards', 'card_number') }} as member_number,
        {{ typed('member', 'cards', 'email') }} as email,
        {{ typed('member', 'cards', 'mobile') }} as mobile,
        {{ typed('member', 'cards', 'phone') }} as phone,
        {{ typed('member', 'cards', 'address') }} as address_line,
        {{ typed('member', 'cards', 'postcode') }} as postcode,
        {{ typed('member', 'cards', 'city') }} as city,
        {{ typed('member', 'cards', 'province') }} as region,
        {{ typed('member', 'cards', 'country') }} as country_code,
        'CNY' as currency_code,
        'shop' as registration_channel_code,

        -- flags
        {{ typed('member', 'cards', 'home_owner') }} as is_home_owner,

        -- measures
        {{ typed('member', 'cards', 'annual_income') }} as annual_income_amount,
        {{ typed('member', 'cards', 'children') }} as children_count,

        -- dates
        {{ typed('member', 'cards', 'birth_date') }} as birth_date,

        -- timestamps
        {{ typed('member', 'cards', 'issued_at') }} as registered_at
    from source
)

select * from renamed
