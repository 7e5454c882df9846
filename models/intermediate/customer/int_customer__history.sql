{%- set key, groups = ['customer_id'], party_attributes() -%}
{%- set of_class = ['party_kind', 'customer_category_code'] -%}
{%- set attributes = party_columns() + ['is_prospect', 'is_deleted'] -%}
{%- set reads = [
    {'keys_of': 'int_customer__statements'},
    {'keys_of': 'int_customer__ranges'},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with statements as (
    select * from {{ ref('int_customer__statements') }}
),

state_history as (
    select * from {{ ref('int_party__state_history') }}
),

ranges as (
    select * from {{ ref('int_customer__ranges') }}
),

defaults as (
    {{ policy('strategy_default', of_class, of_class + strategy_columns()) }}
),

stated as (
    select
        statements.customer_id,
        statements.statement_number,
        statements.statement_count,
        statements.is_external as is_prospect,
        statements.known_from as linked_from,
        statements.known_to as linked_to,
        state_history.*
    from ({{ rows_of_touched_keys('statements', key) }}) as statements
    inner join state_history
        on
            statements.source_name = state_history.source_name
            and statements.source_record_id = state_history.source_record_id
            and statements.valid_from = state_history.valid_from
            and statements.stated_from = state_history.known_from
),

contested as (
    select *
    from stated
    where statement_count > 1
),

members as (
    -- Most customers stated one thing once; of the others each group of attributes is
    -- taken whole from the statement that won it.
    select
        customer_id,
        party_kind,
        {{ attributes | join(',\n        ') }},
        least(valid_from, coalesce(registered_at, valid_from)) as first_seen_at,
        timestamp '1900-01-01' as valid_from,
        timestamp '9999-12-31' as valid_to,
        linked_from as known_from,
        linked_to as known_to
    from stated
    where statement_count = 1
    union all
    select
        ranges.customer_id,
        ranges.party_kind,
        {%- for group, content in groups.items() %}
        {%- for column in group_columns(content) %}
        of_{{ group }}.{{ column }},
        {%- endfor %}
        {%- endfor %}
        ranges.is_prospect,
        ranges.is_deleted,
        ranges.first_seen_at,
        ranges.valid_from,
        ranges.valid_to,
        ranges.known_from,
        ranges.known_to
    from ({{ rows_of_touched_keys('ranges', key) }}) as ranges
    {%- for group in groups %}
    left join contested as of_{{ group }}
        on
            ranges.customer_id = of_{{ group }}.customer_id
            and ranges.{{ group }}_statement = of_{{ group }}.statement_number
    {%- endfor %}
),

final as (
    -- Of whom only a deletion is known, not even the kind is. Whom the company gave no
    -- strategy of its own has that of its class, else of its kind.
    select
        {{ surrogate_key(['members.customer_id', 'members.valid_from']) }}
            as customer_key,
        members.customer_id,
        coalesce(members.party_kind, '_unknown') as party_kind,
        {%- for attribute in attributes %}
        {{ chosen_or_default('members', attribute) }},
        {%- endfor %}
        {{ geography_key(
            'members.country_code', 'members.postcode_standard', 'members.region',
            'members.city'
        ) }} as geography_key,
        members.first_seen_at,
        members.valid_from,
        members.valid_to,
        members.known_from,
        members.known_to
    from members
    left join defaults as of_class
        on
            members.party_kind = of_class.party_kind
            and members.customer_category_code = of_class.customer_category_code
    left join defaults as of_kind
        on
            members.party_kind = of_kind.party_kind
            and of_kind.customer_category_code = '_any'
)

select * from final
