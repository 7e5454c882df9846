{# What describes a customer in `dim_customer` and `hist_customer`, in their order. #}
{% macro customer_attributes() -%}
    {{- return([
        'short_name', 'family_name', 'given_name', 'name_title', 'full_name', 'sex_code',
        'birth_date', 'age_band_code', 'marital_status_code', 'occupation_code',
        'education_code', 'income_band_code', 'household_size', 'children_count',
        'is_home_owner', 'national_id', 'national_id_standard', 'organisation_code',
        'organisation_code_standard', 'tax_id', 'member_number', 'email',
        'email_standard', 'mobile', 'mobile_standard', 'phone', 'phone_standard', 'fax',
        'website', 'address_line', 'postcode', 'postcode_standard', 'city', 'region',
        'country_code', 'district_number', 'contact_person_name', 'authorised_buyers',
        'ownership_code', 'economic_category_code', 'business_scope', 'found_by_code',
        'customer_category_code', 'industry_code', 'credit_stars', 'credit_assessor',
        'credit_assessed_on', 'staff_count', 'size_code', 'founded_year',
        'market_standing_code', 'settlement_terms_code', 'agency_wishes',
        'legal_representative', 'main_products', 'bank_account',
        'investing_country_code', 'annual_income_amount', 'annual_turnover_amount',
        'annual_profit_amount', 'tax_paid_amount', 'registered_capital_amount',
        'contact_strategy_code', 'purchase_strategy_code', 'life_style_code',
        'interest_codes',
        'registered_at', 'registration_channel_code', 'first_seen_at',
    ]) -}}
{%- endmacro %}


{# The columns that describe a customer, as they are published. Names and numbers that may
   name a person are kept for organisations only, whose they are not personal. #}
{% macro described_customer(relation) -%}
    {%- set of_organisations = [
        'short_name', 'organisation_code', 'organisation_code_standard', 'tax_id',
    ] -%}
    {{ relation }}.party_kind,
        case
            when {{ relation }}.party_kind = 'organisation' then {{ relation }}.full_name
        end as organisation_name,
        cast(extract(year from {{ relation }}.birth_date) as integer) as birth_year,
        {%- for attribute in of_organisations %}
        case
            when {{ relation }}.party_kind = 'organisation'
                then {{ relation }}.{{ attribute }}
        end as {{ attribute }},
        {%- endfor %}
        {%- for attribute in customer_attributes() if attribute not in of_organisations %}
        {{ relation }}.{{ attribute }},
        {%- endfor %}
        {{ relation }}.attribute_currency_code
{%- endmacro %}
