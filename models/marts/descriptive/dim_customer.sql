{%- set attributes = [
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
    'registered_at', 'registration_channel_code', 'first_seen_at',
] -%}
{%- set of_organisations = [
    'short_name', 'organisation_code', 'organisation_code_standard', 'tax_id',
] -%}

with versions as (
    select * from {{ ref('int_customer__versions') }}
),

transactions as (
    select * from {{ ref('int_customer__transactions') }}
),

members as (
    select
        customer_key,
        customer_id,
        geography_key,
        party_kind,
        currency_code as attribute_currency_code,
        {{ attributes | join(',\n        ') }},
        is_prospect,
        is_deleted,
        valid_from,
        valid_to
    from versions
    union all
    select
        '_unknown' as customer_key,
        '_unknown' as customer_id,
        '_unknown' as geography_key,
        '_unknown' as party_kind,
        null as attribute_currency_code,
        {%- for attribute in attributes %}
        null as {{ attribute }},
        {%- endfor %}
        false as is_prospect,
        false as is_deleted,
        timestamp '1900-01-01' as valid_from,
        timestamp '9999-12-31' as valid_to
),

final as (
    select
        -- keys
        members.customer_key,
        members.customer_id,
        members.geography_key,

        -- attributes
        members.party_kind,
        case when members.party_kind = 'organisation' then members.full_name end
            as organisation_name,
        cast(extract(year from members.birth_date) as integer) as birth_year,
        {%- for attribute in of_organisations %}
        case when members.party_kind = 'organisation' then members.{{ attribute }} end
            as {{ attribute }},
        {%- endfor %}
        {%- for attribute in attributes if attribute not in of_organisations %}
        members.{{ attribute }},
        {%- endfor %}
        members.attribute_currency_code,
        '{{ var("company").get("currency", "XXX") }}' as currency_code,

        -- flags
        members.is_prospect,
        members.is_deleted,
        members.valid_to = timestamp '9999-12-31' as is_current,

        -- measures
        coalesce(transactions.transaction_count, 0) as transaction_count,
        coalesce(transactions.transaction_amount, 0) as transaction_amount,

        -- timestamps
        transactions.first_transaction_at,
        transactions.last_transaction_at,
        members.valid_from,
        members.valid_to
    from members
    left join transactions on members.customer_id = transactions.customer_id
)

select * from final
