{%- set key, reads = ['customer_id'], [{'keys_of': 'int_customer__history'}] -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with history as (
    select * from {{ ref('int_customer__history') }}
),

final as (
    select
        customer_id,
        customer_key,
        geography_key,
        valid_from,
        valid_to
    from ({{ rows_of_touched_keys('history', key) }}) as history
    where known_to = timestamp '9999-12-31'
)

select * from final
