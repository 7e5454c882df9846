{%- set key, attributes = ['customer_id'], customer_attributes() -%}
{%- set names = ['customer_key', 'customer_id', 'geography_key'] -%}
{%- set of_age = 'coalesce(majorities.majority_years, general.majority_years)' -%}
{%- set record_keys = ['source_name', 'source_record_id'] -%}
{%- set reads = [
    {'keys_of': 'int_customer__history'},
    {'keys_of': 'int_customer__transactions'},
    {'keys_of': 'int_source__business_date', 'via': minors_as_built()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with versions as (
    select * from {{ ref('int_customer__versions') }}
),

transactions as (
    select * from {{ ref('int_customer__transactions') }}
),

strategies as (
    select * from {{ ref('int_customer__strategies') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

business_dates as (
    select * from {{ ref('int_source__business_date') }}
),

majorities as (
    {{ policy('age_of_majority', 'country_code', ['country_code', 'majority_years']) }}
),

test_accounts as (
    {{ policy('test_account', record_keys, record_keys) }}
),

testers as (
    select distinct links.customer_id
    from links
    inner join test_accounts
        on
            links.source_name = test_accounts.source_name
            and links.source_record_id = test_accounts.source_record_id
),

members as (
    select
        {{ names | join(',\n        ') }},
        case when extra_attributes is null then '_unknown' else customer_key end
            as customer_extra_key,
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
        '_unknown' as {{ names | join(",\n        '_unknown' as ") }},
        '_unknown' as customer_extra_key,
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
        members.customer_extra_key,

        -- attributes
        {{ described_customer('members') }},
        {{ company_currency() }} as currency_code,

        -- flags
        members.is_prospect,
        members.is_deleted,
        coalesce(
            {{ dbt.dateadd('year', of_age, 'members.birth_date') }}
            > business_dates.business_date,
            false
        ) as is_minor,
        testers.customer_id is not null as is_test_account,
        members.valid_to = timestamp '9999-12-31' as is_current,

        -- measures
        strategies.contact_cycle_days,
        strategies.purchase_cycle_days,
        coalesce(transactions.transaction_count, 0) as transaction_count,
        coalesce(transactions.transaction_amount, 0) as transaction_amount,

        -- timestamps
        transactions.first_transaction_at,
        transactions.last_transaction_at,
        members.valid_from,
        members.valid_to
    from ({{ rows_of_touched_keys('members', key) }}) as members
    left join transactions on members.customer_id = transactions.customer_id
    left join strategies on members.customer_id = strategies.customer_id
    left join testers on members.customer_id = testers.customer_id
    left join majorities on members.country_code = majorities.country_code
    left join majorities as general on general.country_code = '_unknown'
    cross join business_dates
)

select * from final
