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

final as (
    -- What a return gives back it gives back less the discount: with the sign of gross,
    -- net is gross less discount on every line.
    select
        source_name,
        sale_record_id,
        order_number,
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
        quantity,
        gross_amount,
        case
            when coalesce(gross_amount, net_amount, quantity) < 0
                then -abs(discount_amount)
            else discount_amount
        end as discount_amount,
        net_amount,
        tax_amount,
        cost_amount,
        ordered_at
    from latest
)

select * from final
