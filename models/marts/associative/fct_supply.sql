{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='supply_key',
    on_schema_change='fail',
    post_hook=after_changed('int_supply__latest', 'supply_key'),
) }}

with supplies as (
    select * from {{ ref('int_supply__latest') }}
),

products as (
    select * from {{ ref('int_product__versions') }}
),

outlets as (
    select * from {{ ref('int_outlet__current') }}
),

stated as (
    select
        -- keys
        supplies.supply_key,
        coalesce(products.product_key, '_unknown') as product_key,
        coalesce(outlets.outlet_key, '_unknown') as outlet_key,
        {{ date_key('supplies.stock_date') }} as stock_date_key,
        supplies.source_name as source_key,
        cast(supplies.load_id as {{ dbt.type_string() }}) as load_key,

        -- measures
        supplies.on_hand_quantity,
        supplies.supplied_quantity,

        -- dates
        supplies.stock_date
    from supplies
    left join products
        on
            supplies.product_source_name = products.source_name
            and supplies.product_record_id = products.product_record_id
            and supplies.stock_date >= products.valid_from
            and supplies.stock_date < products.valid_to
    left join outlets
        on
            supplies.outlet_source_name = outlets.source_name
            and supplies.outlet_record_id = outlets.outlet_record_id
),

final as (
    {{ changed_rows(
        'stated', 'supply_key', ['product_key', 'outlet_key', 'load_key']
    ) }}
)

select * from final
