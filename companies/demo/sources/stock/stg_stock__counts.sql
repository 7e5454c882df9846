with source as (
    select * from {{ source('stock', 'counts') }}
),

renamed as (
    select
        {{ delivery_columns('stock') }},

        -- keys
        concat_ws('-', product_id, outlet_id, counted_on) as supply_record_id,
        'shop_system' as product_source_name,
        {{ typed('stock', 'counts', 'product_id') }} as product_record_id,
        'shop_system' as outlet_source_name,
        {{ typed('stock', 'counts', 'outlet_id') }} as outlet_record_id,

        -- measures
        {{ typed('stock', 'counts', 'on_hand') }} as on_hand_quantity,
        {{ typed('stock', 'counts', 'came_in') }} as supplied_quantity,

        -- dates
        {{ typed('stock', 'counts', 'counted_on') }} as stock_date
    from source
)

select * from renamed
