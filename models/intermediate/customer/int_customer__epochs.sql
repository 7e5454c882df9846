{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_customer__contested_values'},
    {'keys_of': 'int_source__order_changes', 'via': customers_who_differ()},
] -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=['known_from'])) }}

with all_statements as (
    select * from {{ ref('int_customer__statements') }}
),

contested_values as (
    select * from {{ ref('int_customer__contested_values') }}
),

order_changes as (
    select * from {{ ref('int_source__order_changes') }}
),

statements as (
    {{ rows_of_touched_keys('all_statements', key) }}
),

contested as (
    select *
    from statements
    where statement_count > 1
),

voices as (
    -- Whom to believe matters only where there is more than one value.
    select
        contested.customer_id,
        contested.source_name,
        contested.known_from,
        contested.known_to,
        contested_values.attribute_group,
        contested_values.value_number
    from contested_values
    inner join contested
        on
            contested_values.customer_id = contested.customer_id
            and contested_values.statement_number = contested.statement_number
    where contested_values.is_disputed
),

changes as (
    -- Whom to believe first may change while nobody says anything new.
    select
        voices.customer_id,
        order_changes.changed_at
    from voices
    inner join order_changes
        on
            voices.source_name = order_changes.source_name
            and voices.attribute_group = order_changes.attribute_group
            and voices.known_from < order_changes.changed_at
            and voices.known_to > order_changes.changed_at
    inner join voices as rivals
        on
            voices.customer_id = rivals.customer_id
            and voices.attribute_group = rivals.attribute_group
            and order_changes.other_source_name = rivals.source_name
            and voices.value_number <> rivals.value_number
            and order_changes.changed_at > rivals.known_from
            and order_changes.changed_at < rivals.known_to
    {%- for moment in ['known_from', 'known_to'] %}
    union
    select
        customer_id,
        {{ moment }} as changed_at
    from contested
    {%- endfor %}
),

final as (
    -- Nothing is known after the last change, which only closes the epoch before it.
    select
        customer_id,
        changed_at as known_from,
        lead(changed_at) over (
            partition by customer_id order by changed_at nulls first
        ) as known_to
    from changes
)

select * from final
