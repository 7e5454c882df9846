with source as (
    select * from {{ source('orders', 'lines') }}
),

renamed as (
    select
        {{ delivery_columns(
            'orders',
            clock='cast(' ~ typed('orders', 'lines', 'order_date') ~ ' as timestamp)'
        ) }},

        -- keys
        {{ typed('orders', 'lines', 'order_number') }} as order_number,
        {{ typed('orders', 'lines', 'order_line_item') }} as order_line_number,
        'registration' as party_source_name,
        {{ typed('orders', 'lines', 'customer_key') }} as party_record_id,
        concat_ws(
            '-',
            {{ typed('orders', 'lines', 'order_number') }},
            {{ typed('orders', 'lines', 'customer_key') }},
            cast(
                {{ typed('orders', 'lines', 'order_line_item') }}
                as {{ dbt.type_string() }}
            )
        ) as sale_record_id,
        'catalogue' as product_source_name,
        {{ typed('orders', 'lines', 'product_key') }} as product_record_id,
        'orders' as outlet_source_name,
        {{ typed('orders', 'lines', 'territory_key') }} as outlet_record_id,

        -- attributes
        'web' as channel_code,
        'USD' as currency_code,

        -- flags
        false as is_return,

        -- measures
        {{ typed('orders', 'lines', 'order_quantity') }} as quantity,

        -- timestamps
        cast({{ typed('orders', 'lines', 'order_date') }} as timestamp) as ordered_at
    from source
)

select * from renamed
