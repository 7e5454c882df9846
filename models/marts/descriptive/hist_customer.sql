{%- set attributes = customer_attributes() -%}
{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_customer__history'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with history as (
    select * from {{ ref('int_customer__history') }}
),

stated as (
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
        valid_to,
        known_from,
        known_to
    from history
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
        timestamp '9999-12-31' as valid_to,
        timestamp '1900-01-01' as known_from,
        timestamp '9999-12-31' as known_to
),

members as (
    {{ rows_of_touched_keys('stated', key) }}
),

final as (
    select
        -- keys
        {{ surrogate_key(['members.customer_key', 'members.known_from']) }}
            as customer_history_key,
        members.customer_key,
        members.customer_id,
        members.geography_key,

        -- attributes
        {{ described_customer('members') }},

        -- flags
        members.is_prospect,
        members.is_deleted,
        members.valid_to = timestamp '9999-12-31'
        and members.known_to = timestamp '9999-12-31' as is_current,

        -- timestamps
        members.valid_from,
        members.valid_to,
        members.known_from,
        members.known_to
    from members
)

select * from final
