{%- set said = [
    'source_name', 'source_record_id', 'attribute_name', 'attribute_group',
    'value_code', 'last_claimed_at',
] -%}
{%- set key, reads = ['customer_id'], [
    {'keys_of': 'int_customer__link_history'},
    {'keys_of': 'int_customer__history'},
    {'keys_of': 'int_claim__values', 'via': customers_of_records()},
] -%}
{%- set known_now -%}
valid_to = timestamp '9999-12-31' and known_to = timestamp '9999-12-31'
{%- endset -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with claims as (
    select * from {{ ref('int_claim__values') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

states as (
    select * from {{ ref('int_party__state_history') }}
),

versions as (
    select * from {{ ref('int_customer__history') }}
),

contested as (
    -- Who has one record that spoke once is what that record said.
    select
        claims.attribute_value_key,
        links.customer_id,
        claims.{{ said | join(',\n        claims.') }}
    from ({{ rows_of_touched_keys('links', key) }}) as links
    inner join claims
        on
            claims.source_name = links.source_name
            and claims.source_record_id = links.source_record_id
    where links.record_count > 1 or claims.statement_count > 1
),

contested_records as (
    select
        source_name,
        source_record_id
    from contested
    group by source_name, source_record_id
),

contested_customers as (
    select customer_id
    from contested
    group by customer_id
),

standing_states as (
    {{ whole_rows_of(
        'states', 'int_party__state_history', 'contested_records',
        ['source_name', 'source_record_id'], known_now ~ ' and not is_deleted',
    ) }}
),

golden_records as (
    {{ whole_rows_of(
        'versions', 'int_customer__history', 'contested_customers', ['customer_id'],
        known_now,
    ) }}
),

standing_values as (
    {{ values_as_rows(
        'standing_states', ['source_name', 'source_record_id'],
        comparable_values('standing_states'),
    ) }}
),

golden_values as (
    {{ values_as_rows(
        'golden_records', ['customer_id'], comparable_values('golden_records'),
    ) }}
),

final as (
    select
        contested.attribute_value_key,
        contested.customer_id,
        contested.{{ said | join(',\n        contested.') }},
        standing_values.source_name is not null as is_standing,
        golden_values.customer_id is not null as is_winner
    from contested
    left join standing_values
        on
            contested.source_name = standing_values.source_name
            and contested.source_record_id = standing_values.source_record_id
            and contested.attribute_name = standing_values.attribute_name
            and contested.value_code = standing_values.value_code
    left join golden_values
        on
            contested.customer_id = golden_values.customer_id
            and contested.attribute_name = golden_values.attribute_name
            and contested.value_code = golden_values.value_code
)

select * from final
