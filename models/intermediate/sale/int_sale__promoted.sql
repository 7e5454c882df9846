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
        sales.*,
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
