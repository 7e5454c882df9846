{%- set columns = [
    'sale_key', 'source_name', 'sale_record_id', 'order_number', 'order_line_number',
    'load_id', 'party_source_name', 'party_record_id', 'customer_id', 'product_key',
    'product_source_name', 'product_record_id', 'outlet_source_name',
    'outlet_record_id', 'campaign_source_name', 'campaign_record_id', 'channel_code',
    'currency_code', 'list_currency_code', 'payment_method_code', 'payment_terms_code',
    'coupon_code', 'is_return', 'quantity', 'gross_amount', 'discount_amount',
    'net_amount', 'tax_amount', 'cost_amount', 'list_cost_amount', 'ordered_on',
    'ordered_at',
] -%}

with sales as (
    select * from {{ ref('int_sale__priced') }}
),

promotions as (
    select * from {{ ref('int_promotion__current') }}
),

placements as (
    select * from {{ ref('int_promotion__placements') }}
),

final as (
    -- What the seller states counts; else what ran for the product in this outlet, or
    -- everywhere, on that day.
    select
        sales.{{ columns | join(',\n        sales.') }},
        coalesce(
            promotions.promotion_key, here.promotion_key, everywhere.promotion_key,
            '_unknown'
        ) as promotion_key
    from sales
    left join promotions
        on
            sales.promotion_source_name = promotions.source_name
            and sales.promotion_record_id = promotions.promotion_record_id
    left join placements as here
        on
            sales.product_source_name = here.product_source_name
            and sales.product_record_id = here.product_record_id
            and {{ member_id('sales.outlet_source_name', 'sales.outlet_record_id') }}
            = here.place
            and sales.ordered_on >= here.valid_from
            and sales.ordered_on < here.valid_to
    left join placements as everywhere
        on
            everywhere.place = 'everywhere'
            and sales.product_source_name = everywhere.product_source_name
            and sales.product_record_id = everywhere.product_record_id
            and sales.ordered_on >= everywhere.valid_from
            and sales.ordered_on < everywhere.valid_to
)

select * from final
