{{ config(**made_whole_with_journal(['product_key'])) }}

with products as (
    select * from {{ ref('int_product__versions') }}
),

sale_lines as (
    select * from {{ ref('int_sale__lines') }}
),

categories as (
    select
        product_id,
        max(category) as category
    from products
    where valid_to = timestamp '9999-12-31'
    group by product_id
),

prices as (
    -- What was paid for a unit before discounts, on average, as catalogues may state no
    -- price, or one in a currency of their own.
    select
        products.product_id,
        cast(
            sum(sale_lines.company_gross_amount) / nullif(sum(sale_lines.quantity), 0)
            as decimal(18, 4)
        ) as unit_price_amount
    from sale_lines
    inner join products on sale_lines.product_key = products.product_key
    where
        not sale_lines.is_return
        and sale_lines.quantity > 0
        and sale_lines.company_gross_amount > 0
    group by products.product_id
),

ranked as (
    select
        prices.product_id,
        rank() over (
            partition by categories.category
            order by prices.unit_price_amount nulls last
        ) as price_rank,
        count(*) over (
            partition by categories.category, prices.unit_price_amount
        ) as equal_count,
        count(*) over (partition by categories.category) as product_count
    from prices
    inner join categories on prices.product_id = categories.product_id
    where categories.category is not null
),

banded as (
    -- The middle of a product's place among those of its category, in fifths: a product
    -- that is alone, or among equals, stands in the middle.
    select
        product_id,
        cast(
            1 + floor(
                5 * (2 * price_rank + equal_count - 2) / nullif(2 * product_count, 0)
            ) as integer
        ) as price_band
    from ranked
),

final as (
    select
        products.product_key,
        products.product_id,
        products.category,
        banded.price_band
    from products
    left join banded on products.product_id = banded.product_id
)

select * from final
