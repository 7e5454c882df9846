{# `habit_lines`: the order lines of known customers as habits are distilled from them: when
   by the company's clock, which product at which price, where, and whether at a discount
   or for a promotion. It is no model of its own: habits are distilled of touched customers
   alone, and it must not be made of all. Reads `products` and `outlets`; `rows` are of
   int_sale__lines. #}
{% macro habit_lines(rows) -%}
{%- set time_zone = var('company').get('time_zone', 'UTC') -%}
habit_lines as (
    -- Who knows only the day of a sale states midnight: its hour is not known.
    select
        sale_lines.customer_id,
        sale_lines.source_name || '|' || sale_lines.order_number as order_code,
        nullif(products.product_id, '_unknown') as product_id,
        products.category,
        products.price_band,
        nullif(sale_lines.channel_code, '_unknown') as channel_code,
        outlets.outlet_key,
        sale_lines.is_return,
        sale_lines.discount_amount > 0 as is_discounted,
        sale_lines.promotion_key <> '_unknown'
        or sale_lines.campaign_record_id is not null
        or sale_lines.coupon_code is not null as is_promoted,
        sale_lines.company_gross_amount,
        sale_lines.company_discount_amount,
        sale_lines.company_net_amount,
        sale_lines.company_cost_amount,
        sale_lines.company_margin_amount,
        sale_lines.ordered_on as ordered_date,
        case
            when
                sale_lines.ordered_at
                <> cast(cast(sale_lines.ordered_at as date) as timestamp)
                then cast(
                    extract(
                        hour from {{ in_time_zone('sale_lines.ordered_at', time_zone) }}
                    ) as integer
                )
        end as ordered_hour
    from {{ rows }} as sale_lines
    left join products on sale_lines.product_key = products.product_key
    left join outlets
        on
            sale_lines.outlet_source_name = outlets.source_name
            and sale_lines.outlet_record_id = outlets.outlet_record_id
    where sale_lines.customer_id <> '_unknown'
)
{%- endmacro %}
