with source as (
    select * from {{ source('sales_desk', 'steps') }}
),

renamed as (
    select
        {{ delivery_columns('sales_desk') }},

        -- keys
        {{ typed('sales_desk', 'steps', 'letter') }} as deal_step_record_id,
        'crm' as party_source_name,
        {{ typed('sales_desk', 'steps', 'account_number') }} as party_record_id,
        'shop_system' as product_source_name,
        {{ typed('sales_desk', 'steps', 'product_id') }} as product_record_id,
        'staff' as agent_source_name,
        {{ typed('sales_desk', 'steps', 'salesperson') }} as agent_record_id,

        -- attributes
        {{ typed('sales_desk', 'steps', 'deal') }} as deal_number,
        {{ typed('sales_desk', 'steps', 'salesperson') }} as agent_code,
        {{ typed('sales_desk', 'steps', 'step') }} as step_code,
        case {{ typed('sales_desk', 'steps', 'direction') }}
            when 'in' then 'inbound'
            when 'out' then 'outbound'
        end as direction_code,
        case {{ typed('sales_desk', 'steps', 'medium') }}
            when 'visit' then 'sales_force'
            else {{ typed('sales_desk', 'steps', 'medium') }}
        end as channel_code,
        {{ typed('sales_desk', 'steps', 'currency') }} as currency_code,

        -- measures
        {{ typed('sales_desk', 'steps', 'quantity') }} as quantity,
        {{ typed('sales_desk', 'steps', 'amount') }} as offered_amount,

        -- timestamps
        {{ typed('sales_desk', 'steps', 'written_at') }} as stepped_at
    from source
)

select * from renamed
