with source as (
    select * from {{ source('till', 'sales') }}
),

renamed as (
    select
        {{ delivery_columns('till') }},

        -- keys
        concat_ws('-', receipt_number, line_number) as sale_record_id,
        case
            when member_id <> '' then 'member'
            when account_number <> '' then 'crm'
        end as party_source_name,
        coalesce(
            {{ typed('till', 'sales', 'member_id') }},
            {{ typed('till', 'sales', 'account_number') }}
        ) as party_record_id,
        'shop_system' as product_source_name,
        {{ typed('till', 'sales', 'product_code') }} as product_record_id,
        'shop_system' as outlet_source_name,
        {{ typed('till', 'sales', 'outlet_code') }} as outlet_record_id,
        'campaign' as campaign_source_name,
        {{ typed('till', 'sales', 'campaign_code') }} as campaign_record_id,

        -- attributes
        {{ typed('till', 'sales', 'receipt_number') }} as order_number,
        {{ typed('till', 'sales', 'line_number') }} as order_line_number,
        'shop' as channel_code,
        {{ typed('till', 'sales', 'currency') }} as currency_code,
        case {{ typed('till', 'sales', 'payment') }}
            when 'CASH' then 'cash'
            when 'CARD' then 'card'
            when 'QR' then 'mobile_pay'
            when 'ACCT' then 'credit'
        end as payment_method_code,
        case {{ typed('till', 'sales', 'terms') }}
            when 'N30' then 'net_30'
            when 'N60' then 'net_60'
            when 'N90' then 'net_90'
            else 'cash'
        end as payment_terms_code,

        -- flags
        {{ typed('till', 'sales', 'is_return') }} as is_return,

        -- measures
        {{ typed('till', 'sales', 'quantity') }} as quantity,
        {{ typed('till', 'sales', 'gross_amount') }} as gross_amount,
        {{ typed('till', 'sales', 'discount_amount') }} as discount_amount,
        {{ typed('till', 'sales', 'net_amount') }} as net_amount,
        {{ typed('till', 'sales', 'tax_amount') }} as tax_amount,

        -- timestamps
        {{ typed('till', 'sales', 'sold_at') }} as ordered_at
    from source
)

select * from renamed
