{{ config(materialized='view') }}

with customers as (
    select * from {{ ref('dim_customer') }}
),

final as (
    select
        customer_id,
        party_kind,
        organisation_name,
        birth_year,
        short_name,
        sex_code,
        age_band_code,
        marital_status_code,
        occupation_code,
        education_code,
        income_band_code,
        household_size,
        children_count,
        is_home_owner,
        organisation_code,
        organisation_code_standard,
        tax_id,
        website,
        postcode,
        postcode_standard,
        city,
        region,
        country_code,
        district_number,
        ownership_code,
        economic_category_code,
        business_scope,
        found_by_code,
        customer_category_code,
        industry_code,
        credit_stars,
        credit_assessed_on,
        staff_count,
        size_code,
        founded_year,
        market_standing_code,
        settlement_terms_code,
        agency_wishes,
        main_products,
        investing_country_code,
        annual_turnover_amount,
        annual_profit_amount,
        tax_paid_amount,
        registered_capital_amount,
        contact_strategy_code,
        purchase_strategy_code,
        life_style_code,
        interest_codes,
        registered_at,
        registration_channel_code,
        first_seen_at,
        attribute_currency_code,
        is_prospect,
        contact_cycle_days,
        purchase_cycle_days
    from customers
    where is_current and not is_deleted and customer_id <> '_unknown'
)

select * from final
