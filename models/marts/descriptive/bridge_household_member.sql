{%- set values = [
    'household_id', 'customer_id', 'member_role', 'formed_by', 'is_minor',
] -%}
{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_household__members', 'columns': ['customer_id']},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with all_members as (
    select * from {{ ref('int_household__members') }}
),

members as (
    {{ rows_of_touched_keys('all_members', key) }}
),

{{ known_slabs('members', 'customer_id') }},

said as (
    -- Cut wherever anything became known of the member, and joined again: so the ranges
    -- of a moment are those that a release of that moment showed.
    select
        {{ values | join(',\n        ') }},
        valid_from,
        valid_to,
        slab_from as known_from,
        slab_to as known_to
    from members_in_slabs
),

{{ joined_rectangles('said', 'customer_id', values) }},

final as (
    select
        -- keys
        {{ surrogate_key(['household_id', 'customer_id', 'valid_from', 'known_from']) }}
            as household_member_key,
        household_id,
        customer_id,

        -- attributes
        member_role,
        formed_by,

        -- flags
        is_minor,
        known_to = timestamp '9999-12-31'
        and valid_to = timestamp '9999-12-31' as is_current,

        -- timestamps
        valid_from,
        valid_to,
        known_from,
        known_to
    from said_joined
)

select * from final
