with source as (
    select * from {{ source('forms', 'orders') }}
),

renamed as (
    select
        {{ delivery_columns('forms') }},
        {{ typed('forms', 'orders', 'receipt') }} as sale_record_id,
        {{ typed('forms', 'orders', 'receipt') }} as order_number,
        1 as order_line_number,
        'forms' as party_source_name,
        {{ typed('forms', 'orders', 'record') }} as party_record_id,
        {{ typed('forms', 'orders', 'ordered_at') }} as ordered_at,
        1 as quantity,
        {{ typed('forms', 'orders', 'amount') }} as net_amount,
        {{ typed('forms', 'orders', 'currency') }} as currency_code
    from source
)

select * from renamed
