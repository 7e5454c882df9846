with source as (
    select * from {{ source('loyalty', 'products') }}
),

mended as (
    select
        *,
        case
            when product_id like '%e+%'
                then cast(
                    cast(product_id as decimal(20, 0)) as {{ dbt.type_string() }}
                )
            else product_id
        end as whole_product_id
    from source
),

renamed as (
    select
        {{ delivery_columns('loyalty') }},

        -- keys
        whole_product_id as product_record_id,

        -- attributes
        whole_product_id as sku,
        {{ typed('loyalty', 'products', 'product_type') }} as product_name,
        {{ typed('loyalty', 'products', 'brand') }} as brand,
        {{ typed('loyalty', 'products', 'department') }} as department,
        {{ typed('loyalty', 'products', 'product_category') }} as category,
        {{ typed('loyalty', 'products', 'product_type') }} as subcategory,
        {{ typed('loyalty', 'products', 'package_size') }} as package_size,
        'USD' as currency_code
    from mended
)

select * from renamed
