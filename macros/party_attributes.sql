{# The attributes of a party, by the group that survives whole. `verified` is the column
   that is filled only when the group's value proved valid; `companions` go with the
   group, but alone they do not stand against a record that fills its columns. #}
{% macro party_attributes() -%}
    {{- return({
        'name': {'columns': [
            'full_name', 'family_name', 'given_name', 'name_title', 'short_name',
            'name_standard',
        ]},
        'person': {'columns': ['sex_code', 'birth_date', 'age_band_code']},
        'demographics': {'columns': [
            'marital_status_code', 'occupation_code', 'education_code',
            'income_band_code', 'household_size', 'children_count', 'is_home_owner',
        ]},
        'national_id': {
            'columns': ['national_id', 'national_id_standard'],
            'verified': 'national_id_standard',
        },
        'register': {
            'columns': ['organisation_code', 'organisation_code_standard', 'tax_id'],
            'verified': 'organisation_code_standard',
        },
        'membership': {'columns': ['member_number']},
        'email': {
            'columns': ['email', 'email_standard'],
            'verified': 'email_standard',
        },
        'mobile': {
            'columns': ['mobile', 'mobile_standard'],
            'verified': 'mobile_standard',
        },
        'phone': {
            'columns': ['phone', 'phone_standard', 'fax'],
            'verified': 'phone_standard',
        },
        'web': {'columns': ['website']},
        'address': {
            'columns': [
                'address_line', 'postcode', 'city', 'region', 'postcode_standard',
                'address_standard',
            ],
            'companions': ['country_code'],
            'verified': 'postcode_standard',
        },
        'trade': {'columns': [
            'ownership_code', 'economic_category_code', 'business_scope',
            'industry_code', 'size_code', 'staff_count', 'founded_year',
            'market_standing_code', 'legal_representative', 'main_products',
            'investing_country_code',
        ]},
        'finance': {
            'columns': [
                'annual_income_amount', 'annual_turnover_amount',
                'annual_profit_amount', 'tax_paid_amount',
                'registered_capital_amount', 'bank_account',
            ],
            'companions': ['currency_code'],
        },
        'dealing': {'columns': [
            'district_number', 'contact_person_name', 'authorised_buyers',
            'found_by_code', 'customer_category_code', 'settlement_terms_code',
            'agency_wishes', 'contact_strategy_code', 'purchase_strategy_code',
        ]},
        'interests': {'columns': ['life_style_code', 'interest_codes']},
        'extra': {'columns': ['extra_attributes']},
        'credit': {'columns': [
            'credit_stars', 'credit_assessor', 'credit_assessed_on',
        ]},
        'registration': {'columns': ['registered_at', 'registration_channel_code']},
    }) -}}
{%- endmacro %}


{# The columns of a group, companions included. #}
{% macro group_columns(group) -%}
    {{- return(group.columns + group.get('companions', [])) -}}
{%- endmacro %}


{# The columns of all groups, in their order. #}
{% macro party_columns() -%}
    {%- set columns = [] -%}
    {%- for group in party_attributes().values() -%}
        {%- do columns.extend(group_columns(group)) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{%- endmacro %}


{# How many of the columns are filled. #}
{% macro filled_count(columns) -%}
    {%- for column in columns -%}
    case when {{ column }} is null then 0 else 1 end
    {{- " + " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{# A whole number from 0 to 999,999 as a text that sorts as the number does. #}
{% macro sortable(number) -%}
    lpad(cast({{ number }} as {{ dbt.type_string() }}), 6, '0')
{%- endmacro %}


{# Stands in a place of survivorship for the count of the records that agree, which only
   a moment knows; as long as a sortable number. #}
{% macro agreement_mark() -%} agreed {%- endmacro %}


{# Stands in a place of survivorship for the rank of the source, as it was known at the
   moment; as long as a sortable number. #}
{% macro rank_mark() -%} ranked {%- endmacro %}
