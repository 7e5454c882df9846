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

bought as (
    select
        places.region_place_code,
        sales.order_key as basket_id,
        products.product_id as item_id
    from sales
    inner join products on sales.product_key = products.product_key
    inner join places on sales.geography_key = places.geography_key
    cross join policy
    cross join business_date
    where
        not sales.is_return
        and products.product_id <> '_unknown'
        and sales.ordered_at
        >= {{ dbt.dateadd('day', '-policy.window_days', 'business_date.business_date') }}
    group by places.region_place_code, sales.order_key, products.product_id
),

market_baskets as (
    -- The lines of one order may lie in two places, of which each sees its own.
    select
        'all' as market,
        basket_id,
        item_id
    from bought
    group by basket_id, item_id
    union all
    select
        region_place_code as market,
        basket_id,
        item_id
    from bought
),

{{ item_sets() }},

final as (
    select
        -- keys
        {{ surrogate_key([
            'market', 'item_1', 'item_2', 'item_3', 'item_4', 'item_5', 'item_6',
        ]) }} as product_set_key,
        case when market = 'all' then 'all' else 'region' end as place_level,
        market as place_code,
        {%- for place in range(1, 7) %}
        cast(item_{{ place }} as {{ dbt.type_string() }}) as product_{{ place }}_id,
        {%- endfor %}

        -- attributes
        cast(set_size as integer) as product_count,

        -- measures
        cast(basket_count as bigint) as basket_count,
        cast(total_basket_count as bigint) as total_basket_count,
        cast(
            round(basket_count / nullif(cast(total_basket_count as double), 0), 8)
            as decimal(9, 8)
        ) as support
    from item_sets
)

select * from final
