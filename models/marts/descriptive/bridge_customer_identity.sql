{%- set key = ['source_name', 'source_record_id'] -%}
{%- set reads = [{'keys_of': 'int_customer__link_history'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with link_history as (
    select * from {{ ref('int_customer__link_history') }}
),

final as (
    select
        -- keys
        {{ surrogate_key(['source_name', 'source_record_id', 'known_from']) }}
            as customer_identity_key,
        source_name,
        source_record_id,
        customer_id,

        -- attributes
        match_rule,
        match_probability,

        -- timestamps
        valid_from,
        valid_to,
        known_from,
        known_to
    from ({{ rows_of_touched_keys('link_history', key) }}) as link_history
)

select * from final
