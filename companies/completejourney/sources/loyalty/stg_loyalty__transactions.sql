with source as (
    select * from {{ source('loyalty', 'transactions') }}
),

mended as (
    select
        *,
        case
            when basket_id like '%e+%'
                then cast(
                    cast(basket_id as decimal(20, 0)) as {{ dbt.type_string() }}
                )
            else basket_id
        end as whole_basket_id,
        case
            when product_id like '%e+%'
                then cast(
                    cast(product_id as decimal(20, 0)) as {{ dbt.type_string() }}
                )
            else product_id
        end as whole_product_id
    from source
),

first_loaded as (
    select
        *,
        min(_load_id) over (
            partition by whole_basket_id, whole_product_id
        ) as first_load_id
    from mended
),

numbered as (
    select
        *,
        dense_rank() over (
            partition by whole_basket_id
            order by first_load_id nulls last, whole_product_id nulls last
        ) as line_number
    from first_loaded
),

renamed as (
    select
        {{ delivery_columns(
            'loyalty', clock=typed('loyalty', 'transactions', 'transaction_timestamp')
        ) }},

        -- keys
        concat_ws('-', whole_basket_id, whole_product_id) as sale_record_id,
        whole_basket_id as order_number,
        line_number as order_line_number,
        'loyalty' as party_source_name,
        {{ typed('loyalty', 'transactions', 'household_id') }} as party_record_id,
        'loyalty' as product_source_name,
        whole_product_id as product_record_id,
        'loyalty' as outlet_source_name,
        {{ typed('loyalty', 'transactions', 'store_id') }} as outlet_record_id,

        -- attributes
        'shop' as channel_code,
        'USD' as currency_code,

        -- flags
        false as is_return,

        -- measures
        {{ typed('loyalty', 'transactions', 'quantity') }} as quantity,
        {{ typed('loyalty', 'transactions', 'sales_value') }} as net_amount,
        (
            {{ typed('loyalty', 'transactions', 'retail_disc') }}
            + {{ typed('loyalty', 'transactions', 'coupon_match_disc') }}
        ) as discount_amount,
        net_amount + discount_amount as gross_amount,

        -- timestamps
        {{ typed('loyalty', 'transactions', 'transaction_timestamp') }} as ordered_at
    from numbered
)

select * from renamed
