with source as (
    select * from {{ source('shop_system', 'products') }}
),

renamed as (
    select
        {{ delivery_columns(
            'shop_system',
            clock=typed('shop_system', 'products', 'updated_at'),
        ) }},

        -- keys
        {{ typed('shop_system', 'products', 'product_id') }} as product_record_id,

        -- attributes
        {{ typed('shop_system', 'products', 'sku') }} as sku,
        {{ typed('shop_system', 'products', 'name') }} as product_name,
        {{ typed('shop_system', 'products', 'brand') }} as brand,
        {{ typed('shop_system', 'products', 'department') }} as department,
        {{ typed('shop_system', 'products', 'category') }} as category,
        {{ typed('shop_system', 'products', 'subcategory') }} as subcategory,
        {{ typed('shop_system', 'products', 'package_size') }} as package_size,
        {{ typed('shop_system', 'products', 'currency') }} as currency_code,

        -- measures
        {{ typed('shop_system', 'products', 'unit_price') }} as unit_price_amount,
        {{ typed('shop_system', 'products', 'unit_cost') }} as unit_cost_amount
    from source
)

select * from renamed
