{%- set market_code = "coalesce(regions.region_place_code, 'all')" -%}
{%- set product_ids = [
    'item_1.product_id', 'item_2.product_id', 'item_3.product_id',
    'item_4.product_id', 'item_5.product_id', 'item_6.product_id',
] -%}
{%- set window_start = dbt.dateadd(
    'day', '-policy.window_days', 'business_date.business_date'
) -%}

with sales as (
    select * from {{ ref('fct_sale') }}
),

products as (
    select * from {{ ref('dim_product') }}
),

places as (
    select * from {{ ref('dim_geography') }}
),

policy as (
    select * from {{ ref('affinity_policy') }}
),

business_date as (
    select * from {{ ref('int_source__business_date') }}
),

items as (
    -- Numbers that rise as the ids do.
    select
        product_id,
        cast(row_number() over (order by product_id nulls last) as integer)
            as item_number
    from products
    where product_id <> '_unknown'
    group by product_id
),

regions as (
    select
        region_place_code,
        cast(row_number() over (order by region_place_code nulls last) as integer)
            as region_number
    from places
    group by region_place_code
),

market_baskets as (
    -- The lines of one order may lie in two places, of which each sees its own.
    select
        regions.region_number as market,
        {{ hash_of_row(['sales.order_key']) }} as basket_id,
        items.item_number as item_id
    from sales
    inner join products on sales.product_key = products.product_key
    inner join items on products.product_id = items.product_id
    inner join places on sales.geography_key = places.geography_key
    inner join regions on places.region_place_code = regions.region_place_code
    cross join policy
    cross join business_date
    where
        not sales.is_return
        and sales.ordered_at >= {{ window_start }}
    group by
        regions.region_number, {{ hash_of_row(['sales.order_key']) }}, items.item_number
),

{{ item_sets(whole='0') }},

final as (
    select
        -- keys
        {{ surrogate_key([market_code] + product_ids) }} as product_set_key,
        case when item_sets.market = 0 then 'all' else 'region' end as place_level,
        {{ market_code }} as place_code,
        {%- for product_id in product_ids %}
        {{ product_id }} as product_{{ loop.index }}_id,
        {%- endfor %}

        -- attributes
        cast(item_sets.set_size as integer) as product_count,

        -- measures
        cast(item_sets.basket_count as bigint) as basket_count,
        cast(item_sets.total_basket_count as bigint) as total_basket_count,
        cast(
            round(
                item_sets.basket_count
                / nullif(cast(item_sets.total_basket_count as double), 0),
                8
            )
            as decimal(9, 8)
        ) as support
    from item_sets
    left join regions on item_sets.market = regions.region_number
    {%- for product_id in product_ids %}
    left join items as item_{{ loop.index }}
        on item_sets.item_{{ loop.index }} = item_{{ loop.index }}.item_number
    {%- endfor %}
)

select * from final
