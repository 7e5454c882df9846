{%- set told = ['product_key', 'category'] -%}
{{ config(**made_whole_with_journal(told, told)) }}

with versions as (
    select * from {{ ref('int_product__versions') }}
),

members as (
    select
        product_key,
        product_id,
        source_name,
        product_record_id,
        sku,
        product_name,
        brand,
        department,
        category,
        subcategory,
        package_size,
        currency_code,
        is_deleted,
        unit_price_amount,
        unit_cost_amount,
        valid_from,
        valid_to
    from versions
    union all
    select
        '_unknown' as product_key,
        '_unknown' as product_id,
        '_unknown' as source_name,
        '_unknown' as product_record_id,
        null as sku,
        'Unknown' as product_name,
        null as brand,
        null as department,
        null as category,
        null as subcategory,
        null as package_size,
        null as currency_code,
        false as is_deleted,
        null as unit_price_amount,
        null as unit_cost_amount,
        timestamp '1900-01-01' as valid_from,
        timestamp '9999-12-31' as valid_to
),

final as (
    select
        -- keys
        product_key,
        product_id,
        source_name as source_key,
        product_record_id,

        -- attributes
        sku,
        product_name,
        brand,
        coalesce(department, '_unknown') as department,
        coalesce(category, '_unknown') as category,
        coalesce(subcategory, '_unknown') as subcategory,
        package_size,
        currency_code,

        -- flags
        is_deleted,
        valid_to = timestamp '9999-12-31' as is_current,

        -- measures
        unit_price_amount,
        unit_cost_amount,

        -- timestamps
        valid_from,
        valid_to
    from members
)

select * from final
