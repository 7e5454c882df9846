{%- set key = ['source_name', 'supply_record_id'] -%}
{%- set reads = [{'loads_of': 'input_supply'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with supplies as (
    select * from {{ ref('input_supply') }}
),

touched as (
    {{ rows_of_touched_keys('supplies', key) }}
),

{{ latest_rows('touched', 'supply_record_id') }},

final as (
    select
        {{ surrogate_key(['source_name', 'supply_record_id']) }} as supply_key,
        source_name,
        supply_record_id,
        load_id,
        product_source_name,
        product_record_id,
        outlet_source_name,
        outlet_record_id,
        on_hand_quantity,
        supplied_quantity,
        stock_date
    from touched_latest
    where stock_date is not null
)

select * from final
