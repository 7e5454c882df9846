{%- set key, reads = ['customer_id'], [{'keys_of': 'int_customer__changes'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with changes as (
    select * from {{ ref('int_customer__changes') }}
),

final as (
    select
        -- keys
        identity_change_key,
        cast(load_id as {{ dbt.type_string() }}) as load_key,
        customer_id,
        coalesce(other_customer_id, '_unknown') as other_customer_id,

        -- attributes
        change_type,
        change_cause,

        -- measures
        customer_count_change,

        -- timestamps
        known_at
    from ({{ rows_of_touched_keys('changes', key) }}) as changes
)

select * from final
