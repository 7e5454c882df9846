with source as (
    select * from {{ source('house', 'orders') }}
),

renamed as (
    select
        {{ delivery_columns('house') }},
        {{ typed('house', 'orders', 'line') }} as sale_record_id,
        {{ typed('house', 'orders', 'line') }} as order_number,
        1 as order_line_number,
        {{ typed('house', 'orders', 'source') }} as party_source_name,
        {{ typed('house', 'orders', 'record') }} as party_record_id,
        'house' as product_source_name,
        {{ typed('house', 'orders', 'article') }} as product_record_id,
        {{ typed('house', 'orders', 'tried_at') }} as ordered_at,
        {{ typed('house', 'orders', 'quantity') }} as quantity,
        'EUR' as currency_code
    from source
)

select * from renamed
