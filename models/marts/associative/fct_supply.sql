{%- set key = ['supply_key'] -%}
{%- set reads = reads_of_fact(
    'int_supply__latest', 'supply_key',
    told_by=['source_name', 'supply_record_id'],
    members=['product', 'outlet'],
    has_customer=false,
) -%}
{{ config(**built_by_keys(key, reads)) }}

with supplies as (
    select * from {{ ref('int_supply__latest') }}
),

products as (
    select * from {{ ref('int_product__versions') }}
),

outlets as (
    select * from {{ ref('int_outlet__current') }}
),

touched as (
    {{ rows_of_touched_keys('supplies', key) }}
),

final as (
    select
        -- keys
        touched.supply_key,
        coalesce(products.product_key, '_unknown') as product_key,
        coalesce(outlets.outlet_key, '_unknown') as outlet_key,
        {{ date_key('touched.stock_date') }} as stock_date_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- measures
        touched.on_hand_quantity,
        touched.supplied_quantity,

        -- dates
        touched.stock_date
    from touched
    left join products
        on
            touched.product_source_name = products.source_name
            and touched.product_record_id = products.product_record_id
            and touched.stock_date >= products.valid_from
            and touched.stock_date < products.valid_to
    left join outlets
        on
            touched.outlet_source_name = outlets.source_name
            and touched.outlet_record_id = outlets.outlet_record_id
)

select * from final
