{%- set values = [
    'household_id', 'customer_id', 'member_role', 'formed_by', 'is_minor',
] -%}

with members as (
    select * from {{ ref('int_household__members') }}
),

{{ joined_rectangles('members', 'customer_id', values) }},

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
    from members_joined
)

select * from final
