{%- set key = ['household_id'] -%}
{%- set reads = [
    {'keys_of': 'int_household__members', 'columns': ['household_id']},
] -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with members as (
    select * from {{ ref('int_household__members') }}
),

touched as (
    {{ rows_of_touched_keys('members', key) }}
),

current_members as (
    select
        household_id,
        customer_id,
        valid_from,
        valid_to,
        timestamp '1900-01-01' as known_from,
        known_to
    from touched
    where known_to = timestamp '9999-12-31'
),

{{ joined_rectangles('current_members', 'customer_id', [
    'household_id', 'customer_id',
]) }},

final as (
    select
        household_id,
        customer_id,
        valid_from,
        valid_to,
        min(valid_from) over (partition by household_id) as began_at,
        max(valid_to) over (partition by household_id) as ended_at
    from current_members_joined
)

select * from final
