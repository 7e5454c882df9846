with source as (
    select * from {{ source('house', 'goods') }}
),

renamed as (
    select
        {{ delivery_columns('house') }},
        {{ typed('house', 'goods', 'article') }} as product_record_id,
        {{ typed('house', 'goods', 'name') }} as product_name,
        {{ typed('house', 'goods', 'price') }} as unit_price_amount,
        'EUR' as currency_code
    from source
)

select * from renamed
