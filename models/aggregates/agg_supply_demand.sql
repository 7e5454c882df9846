{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_periods(
        'fct_supply',
        'stock_date',
        ['outlet_key', 'on_hand_quantity', 'supplied_quantity'],
        members={'dim_product': ['product_key', 'product_id']},
        beside=[{
            'fact': 'fct_sale',
            'date_key': 'ordered_date_key',
            'columns': ['outlet_key', 'quantity'],
            'members': {'dim_product': ['product_key', 'product_id']},
        }],
        levels=['month'], period_start='month_start',
    ),
    post_hook=after_touched_periods(),
) }}

with supplies as (
    select * from {{ ref('fct_supply') }}
),

sales as (
    select * from {{ ref('fct_sale') }}
),

products as (
    select * from {{ ref('dim_product') }}
),

counted as (
    -- Of two counts of one day, which stands at its end is not known: the lower one.
    select
        products.product_id,
        supplies.outlet_key,
        supplies.stock_date,
        sum(supplies.supplied_quantity) as supplied_quantity,
        min(supplies.on_hand_quantity) as on_hand_quantity
    from supplies
    inner join products on supplies.product_key = products.product_key
    where {{ in_touched_period('month', 'supplies.stock_date') }}
    group by products.product_id, supplies.outlet_key, supplies.stock_date
),

supplied as (
    select
        {{ first_of_period('month', 'stock_date') }} as month_start,
        product_id,
        outlet_key,
        sum(supplied_quantity) as supplied_quantity,
        max_by(on_hand_quantity, stock_date) as end_on_hand_quantity,
        count(*) as stock_day_count,
        count(*) filter (where on_hand_quantity <= 0) as stock_out_day_count,
        extract(day from max(stock_date)) as day_count
    from counted
    group by {{ first_of_period('month', 'stock_date') }}, product_id, outlet_key
),

demanded as (
    -- Only what is supplied anywhere: most sales are of other goods and outlets.
    select
        supplied.month_start,
        supplied.product_id,
        supplied.outlet_key,
        sum(sales.quantity) as demand_quantity
    from sales
    inner join products on sales.product_key = products.product_key
    inner join supplied
        on
            {{ first_of_period('month', date_of_key('sales.ordered_date_key')) }}
            = supplied.month_start
            and products.product_id = supplied.product_id
            and sales.outlet_key = supplied.outlet_key
    where {{ is_of_touched_period('month', 'sales.ordered_date_key') }}
    group by supplied.month_start, supplied.product_id, supplied.outlet_key
),

final as (
    select
        -- keys
        supplied.month_start,
        supplied.product_id,
        supplied.outlet_key,

        -- measures
        cast(coalesce(demanded.demand_quantity, 0) as decimal(18, 3))
            as demand_quantity,
        cast(supplied.supplied_quantity as decimal(18, 3)) as supplied_quantity,
        cast(supplied.end_on_hand_quantity as decimal(18, 3)) as end_on_hand_quantity,
        cast(supplied.stock_day_count as bigint) as stock_day_count,
        cast(supplied.stock_out_day_count as bigint) as stock_out_day_count,
        cast(
            case
                when demanded.demand_quantity > 0
                    then round(
                        supplied.end_on_hand_quantity * supplied.day_count
                        / nullif(demanded.demand_quantity, 0),
                        1
                    )
            end as decimal(18, 1)
        ) as cover_days
    from supplied
    left join demanded
        on
            supplied.month_start = demanded.month_start
            and supplied.product_id = demanded.product_id
            and supplied.outlet_key = demanded.outlet_key
)

select * from final
