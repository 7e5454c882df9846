with source as (
    select * from {{ source('crm', 'organisations') }}
),

renamed as (
    select
        {{ delivery_columns('crm') }},

        -- keys
        {{ typed('crm', 'organisations', 'account_number') }} as source_record_id,

        -- attributes
        'organisation' as party_kind,
        {{ typed('crm', 'organisations', 'full_name') }} as full_name,
        {{ typed('crm', 'organisations', 'short_name') }} as short_name,
        {{ typed('crm', 'organisations', 'unified_code') }} as organisation_code,
        {{ typed('crm', 'organisations', 'tax_id') }} as tax_id,
        {{ typed('crm', 'organisations', 'email') }} as email,
        {{ typed('crm', 'organisations', 'mobile') }} as mobile,
        {{ typed('crm', 'organisations', 'phone') }} as phone,
        {{ typed('crm', 'organisations', 'fax') }} as fax,
        {{ typed('crm', 'organisations', 'website') }} as website,
        {{ typed('crm', 'organisations', 'address') }} as address_line,
        {{ typed('crm', 'organisations', 'postcode') }} as postcode,
        {{ typed('crm', 'organisations', 'city') }} as city,
        {{ typed('crm', 'organisations', 'region') }} as region,
        {{ typed('crm', 'organisations', 'country') }} as country_code,
        {{ typed('crm', 'organisations', 'district_number') }} as district_number,
        {{ typed('crm', 'organisations', 'contact_person') }} as contact_person_name,
        {{ typed('crm', 'organisations', 'authorised_buyers') }} as authorised_buyers,
        case {{ typed('crm', 'organisations', 'ownership') }}
            when '国有' then 'state'
            when '集体' then 'collective'
            when '民营' then 'private'
            when '外资' then 'foreign'
            when '合资' then 'joint_venture'
            when '上市' then 'listed'
            when '事业单位' then 'public_body'
        end as ownership_code,
        {{ typed('crm', 'organisations', 'economic_category') }}
            as economic_category_code,
        {{ typed('crm', 'organisations', 'business_scope') }} as business_scope,
        {{ typed('crm', 'organisations', 'found_by') }} as found_by_code,
        {{ typed('crm', 'organisations', 'category') }} as customer_category_code,
        {{ typed('crm', 'organisations', 'industry') }} as industry_code,
        {{ typed('crm', 'organisations', 'credit_assessor') }} as credit_assessor,
        {{ typed('crm', 'organisations', 'size') }} as size_code,
        {{ typed('crm', 'organisations', 'founded_year') }} as founded_year,
        {{ typed('crm', 'organisations', 'market_standing') }} as market_standing_code,
        {{ typed('crm', 'organisations', 'settlement_terms') }}
            as settlement_terms_code,
        {{ typed('crm', 'organisations', 'agency_wishes') }} as agency_wishes,
        {{ typed('crm', 'organisations', 'legal_representative') }}
            as legal_representative,
        {{ typed('crm', 'organisations', 'main_products') }} as main_products,
        {{ typed('crm', 'organisations', 'bank_account') }} as bank_account,
        {{ typed('crm', 'organisations', 'investing_country') }}
            as investing_country_code,
        {{ typed('crm', 'organisations', 'currency') }} as currency_code,
        {{ typed('crm', 'organisations', 'acquired_through') }}
            as registration_channel_code,
        {{ typed('crm', 'organisations', 'contact_strategy') }}
            as contact_strategy_code,
        {{ typed('crm', 'organisations', 'purchase_strategy') }}
            as purchase_strategy_code,
        {{ extra_attributes('crm', 'organisations') }} as extra_attributes,

        -- measures
        {{ typed('crm', 'organisations', 'credit_stars') }} as credit_stars,
        {{ typed('crm', 'organisations', 'staff_count') }} as staff_count,
        {{ typed('crm', 'organisations', 'annual_turnover') }}
            as annual_turnover_amount,
        {{ typed('crm', 'organisations', 'annual_profit') }} as annual_profit_amount,
        {{ typed('crm', 'organisations', 'tax_paid') }} as tax_paid_amount,
        {{ typed('crm', 'organisations', 'registered_capital') }}
            as registered_capital_amount,

        -- dates
        {{ typed('crm', 'organisations', 'credit_assessed_on') }} as credit_assessed_on,

        -- timestamps
        cast({{ typed('crm', 'organisations', 'created_on') }} as timestamp)
            as registered_at
    from source
)

select * from renamed
