{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_share_of_wallet(),
    post_hook=after_touched_periods(),
) }}

with purchases as (
    select * from {{ ref('fct_competitor_purchase') }}
),

sales as (
    select * from {{ ref('fct_sale') }}
),

products as (
    select * from {{ ref('dim_product') }}
),

told as (
    select
        *,
        {{ date_of_key('purchased_date_key') }} as calendar_date
    from purchases
    where
        customer_id <> '_unknown'
        and {{ is_of_touched_period('year', 'purchased_date_key') }}
),

panel as (
    {%- for period in ['month', 'quarter', 'year'] %}
    select distinct
        '{{ period }}' as time_level,
        {{ first_of_period(period, 'calendar_date') }} as period_start,
        customer_id
    from told
    where {{ in_touched_period(period, 'calendar_date') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

members as (
    select distinct customer_id from told
),

spent as (
    -- Only of whom something is told; the others may buy elsewhere too, unheard.
    select
        sales.customer_id,
        {{ date_of_key('sales.ordered_date_key') }} as calendar_date,
        products.category as product_category,
        sales.company_net_amount as own_amount,
        null as competitor_amount,
        0 as competitor_purchase_count
    from sales
    inner join products on sales.product_key = products.product_key
    inner join members on sales.customer_id = members.customer_id
    where {{ is_of_touched_period('year', 'sales.ordered_date_key') }}
    union all
    select
        customer_id,
        calendar_date,
        product_category,
        null as own_amount,
        company_purchase_amount as competitor_amount,
        1 as competitor_purchase_count
    from told
),

by_category as (
    {%- for period in ['month', 'quarter', 'year'] %}
    {%- for level in ['all', 'category'] %}
    {%- set code = "'all'" if level == 'all' else 'spent.product_category' %}
    select
        panel.time_level,
        panel.period_start,
        '{{ level }}' as product_level,
        {{ code }} as product_code,
        count(distinct panel.customer_id) as customer_count,
        sum(spent.competitor_purchase_count) as competitor_purchase_count,
        coalesce(sum(spent.own_amount), 0) as own_amount,
        coalesce(sum(spent.competitor_amount), 0) as competitor_amount
    from panel
    inner join spent
        on
            panel.customer_id = spent.customer_id
            and panel.time_level = '{{ period }}'
            and panel.period_start
            = {{ first_of_period(period, 'spent.calendar_date') }}
    group by
        panel.time_level, panel.period_start
        {{- ", spent.product_category" if level == 'category' }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        -- keys
        time_level,
        period_start,
        product_level,
        product_code,

        -- measures
        cast(customer_count as bigint) as customer_count,
        cast(competitor_purchase_count as bigint) as competitor_purchase_count,
        cast(own_amount as decimal(18, 4)) as own_amount,
        cast(competitor_amount as decimal(18, 4)) as competitor_amount,
        cast(
            round(100 * own_amount / nullif(own_amount + competitor_amount, 0), 4)
            as decimal(9, 4)
        ) as share_of_wallet_pct
    from by_category
)

select * from final
