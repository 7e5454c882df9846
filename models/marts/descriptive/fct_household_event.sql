{%- set key = ['household_id'] -%}
{%- set reads = [{'keys_of': 'int_household__events'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with events as (
    select * from {{ ref('int_household__events') }}
),

touched as (
    {{ rows_of_touched_keys('events', key) }}
),

final as (
    select
        -- keys
        {{ surrogate_key([
            'household_id', 'customer_id', 'event_type', 'happened_at',
        ]) }} as household_event_key,
        household_id,
        coalesce(other_household_id, '_unknown') as other_household_id,
        coalesce(customer_id, '_unknown') as customer_id,
        {{ date_key(local_date('happened_at')) }} as happened_date_key,

        -- attributes
        event_type,

        -- timestamps
        happened_at
    from touched
)

select * from final
