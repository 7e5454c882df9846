with source as (
    select * from {{ source('desk', 'sales') }}
),

renamed as (
    select
        {{ delivery_columns('desk', clock=typed('desk', 'sales', 'sold_at')) }},
        concat_ws('-', receipt, line) as sale_record_id,
        {{ typed('desk', 'sales', 'receipt') }} as order_number,
        {{ typed('desk', 'sales', 'line') }} as order_line_number,
        'desk' as party_source_name,
        {{ typed('desk', 'sales', 'member') }} as party_record_id,
        {{ typed('desk', 'sales', 'sold_at') }} as ordered_at,
        {{ typed('desk', 'sales', 'quantity') }} as quantity,
        {{ typed('desk', 'sales', 'amount') }} as net_amount,
        'EUR' as currency_code
    from source
)

select * from renamed
