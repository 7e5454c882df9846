{%- set measures = [
    'quantity', 'gross_amount', 'discount_amount', 'net_amount', 'tax_amount',
    'cost_amount',
] -%}

with delivered as (
    select * from {{ ref('input_sale') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source_name, sale_record_id
            order by
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last
        ) as recency
    from delivered
),

latest as (
    select *
    from numbered
    where recency = 1 and not is_deleted
),

directed as (
    -- Net says it only where gross is not stated: a discount may exceed gross.
    select
        *,
        coalesce(is_return, false)
        or coalesce(quantity < 0, false)
        or coalesce(coalesce(gross_amount, net_amount) < 0, false) as goes_back
    from latest
),

final as (
    -- However the source signs a return, it gives back goods, money, tax and cost.
    select
        source_name,
        sale_record_id,
        -- A line without an order stands for one of its own.
        coalesce(order_number, sale_record_id) as order_number,
        order_line_number,
        load_id,
        party_source_name,
        party_record_id,
        product_source_name,
        product_record_id,
        outlet_source_name,
        outlet_record_id,
        campaign_source_name,
        campaign_record_id,
        promotion_source_name,
        promotion_record_id,
        channel_code,
        currency_code,
        payment_method_code,
        payment_terms_code,
        coupon_code,
        is_return,
        {%- for measure in measures %}
        case when goes_back then -abs({{ measure }}) else {{ measure }} end
            as {{ measure }},
        {%- endfor %}
        ordered_at
    from directed
)

select * from final
