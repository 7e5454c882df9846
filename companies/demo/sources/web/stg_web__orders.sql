with source as (
    select * from {{ source('web', 'orders') }}
),

renamed as (
    select
        {{ delivery_columns('web') }},

        -- keys
        concat_ws('-', order_id, line_number) as sale_record_id,
        'web' as party_source_name,
        {{ typed('web', 'orders', 'registration_id') }} as party_record_id,
        'shop_system' as product_source_name,
        {{ typed('web', 'orders', 'product_id') }} as product_record_id,
        'shop_system' as outlet_source_name,
        {{ typed('web', 'orders', 'outlet_id') }} as outlet_record_id,
        'campaign' as campaign_source_name,
        {{ typed('web', 'orders', 'campaign_code') }} as campaign_record_id,
        'merchandising' as promotion_source_name,
        {{ typed('web', 'orders', 'promotion_id') }} as promotion_record_id,

        -- attributes
        {{ typed('web', 'orders', 'order_id') }} as order_number,
        {{ typed('web', 'orders', 'line_number') }} as order_line_number,
        {{ typed('web', 'orders', 'channel') }} as channel_code,
        {{ typed('web', 'orders', 'currency') }} as currency_code,
        case {{ typed('web', 'orders', 'payment') }}
            when 'alipay' then 'mobile_pay'
            when 'wechat' then 'mobile_pay'
            when 'card' then 'card'
            when 'transfer' then 'transfer'
            when 'points' then 'points'
        end as payment_method_code,
        {{ typed('web', 'orders', 'terms') }} as payment_terms_code,
        {{ typed('web', 'orders', 'coupon') }} as coupon_code,

        -- flags
        {{ typed('web', 'orders', 'is_return') }} as is_return,

        -- measures
        {{ typed('web', 'orders', 'quantity') }} as quantity,
        {{ typed('web', 'orders', 'gross_amount') }} as gross_amount,
        {{ typed('web', 'orders', 'discount_amount') }} as discount_amount,
        {{ typed('web', 'orders', 'net_amount') }} as net_amount,

        -- timestamps
        {{ typed('web', 'orders', 'ordered_at') }} as ordered_at
    from source
)

select * from renamed
