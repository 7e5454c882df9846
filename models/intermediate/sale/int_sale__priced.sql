with sales as (
    select * from {{ ref('int_sale__latest') }}
),

products as (
    select * from {{ ref('int_product__versions') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

matched as (
    -- A price in another currency says nothing of the sale.
    select
        sales.*,
        links.customer_id,
        products.product_key,
        coalesce(sales.currency_code, products.currency_code) as known_currency_code,
        case
            when coalesce(sales.currency_code = products.currency_code, true)
                then products.unit_price_amount
        end as unit_price_amount,
        case
            when coalesce(sales.currency_code = products.currency_code, true)
                then products.unit_cost_amount
        end as unit_cost_amount,
        cast({{ wide('sales.quantity') }} * products.unit_cost_amount as decimal(18, 4))
            as list_cost_amount,
        coalesce(products.currency_code, sales.currency_code) as list_currency_code
    from sales
    left join links
        on
            sales.party_source_name = links.source_name
            and sales.party_record_id = links.source_record_id
    left join products
        on
            sales.product_source_name = products.source_name
            and sales.product_record_id = products.product_record_id
            and sales.ordered_at >= products.valid_from
            and sales.ordered_at < products.valid_to
),

priced as (
    select
        *,
        coalesce(
            gross_amount,
            net_amount + coalesce(discount_amount, 0),
            cast({{ wide('quantity') }} * unit_price_amount as decimal(18, 4)),
            0
        ) as full_amount,
        coalesce(
            cost_amount,
            cast({{ wide('quantity') }} * unit_cost_amount as decimal(18, 4))
        ) as known_cost_amount
    from matched
),

final as (
    select
        -- keys
        {{ surrogate_key(['source_name', 'sale_record_id']) }} as sale_key,
        source_name,
        sale_record_id,
        order_number,
        order_line_number,
        load_id,
        party_source_name,
        party_record_id,
        coalesce(customer_id, '_unknown') as customer_id,
        coalesce(product_key, '_unknown') as product_key,
        product_source_name,
        product_record_id,
        outlet_source_name,
        outlet_record_id,
        campaign_source_name,
        campaign_record_id,
        promotion_source_name,
        promotion_record_id,

        -- attributes
        coalesce(channel_code, '_unknown') as channel_code,
        coalesce(known_currency_code, {{ company_currency() }}) as currency_code,
        coalesce(list_currency_code, {{ company_currency() }}) as list_currency_code,
        payment_method_code,
        payment_terms_code,
        coupon_code,

        -- flags
        coalesce(is_return, quantity < 0, false) as is_return,

        -- measures
        coalesce(quantity, 0) as quantity,
        cast(full_amount as decimal(18, 4)) as gross_amount,
        cast(
            coalesce(discount_amount, full_amount - net_amount, 0)
            as decimal(18, 4)
        ) as discount_amount,
        cast(
            coalesce(net_amount, full_amount - coalesce(discount_amount, 0))
            as decimal(18, 4)
        ) as net_amount,
        tax_amount,
        cast(known_cost_amount as decimal(18, 4)) as cost_amount,
        list_cost_amount,

        -- dates
        {{ local_date('ordered_at') }} as ordered_on,

        -- timestamps
        ordered_at
    from priced
)

select * from final
