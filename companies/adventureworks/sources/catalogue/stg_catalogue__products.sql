with source as (
    select * from {{ source('catalogue', 'products') }}
),

subcategories as (
    select * from {{ ref('product_subcategory') }}
),

renamed as (
    select
        {{ delivery_columns('catalogue') }},

        -- keys
        {{ typed('catalogue', 'products', 'product_key') }} as product_record_id,

        -- attributes
        {{ typed('catalogue', 'products', 'product_sku') }} as sku,
        {{ typed('catalogue', 'products', 'product_name') }} as product_name,
        subcategories.category_label_en as category,
        subcategories.label_en as subcategory,
        nullif({{ typed('catalogue', 'products', 'product_size') }}, '0')
            as package_size,
        'USD' as currency_code,

        -- measures
        {{ typed('catalogue', 'products', 'product_price') }} as unit_price_amount,
        {{ typed('catalogue', 'products', 'product_cost') }} as unit_cost_amount
    from source
    left join subcategories
        on source.product_subcategory_key = subcategories.code
)

select * from renamed
