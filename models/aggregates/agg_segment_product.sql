{%- set first_day = dbt.dateadd(
    'month', '-' ~ window_months(), 'business.business_date'
) -%}
{%- set levels = {
    'product': 'product_id', 'category': 'category', 'all': "'all'",
} -%}

with standing as (
    select * from {{ ref('fct_customer_standing') }}
),

memberships as (
    select * from {{ ref('bridge_customer_segment') }}
),

sales as (
    select * from {{ ref('fct_sale') }}
),

products as (
    select * from {{ ref('dim_product') }}
),

business as (
    select max(as_of_date) as business_date
    from standing
),

bought as (
    select
        sales.customer_id,
        products.product_id,
        products.category,
        sum(sales.quantity) as quantity,
        coalesce(sum(sales.company_net_amount), 0) as net_amount
    from sales
    inner join products on sales.product_key = products.product_key
    inner join business
        on
            {{ date_of_key('sales.ordered_date_key') }} <= business.business_date
            and {{ date_of_key('sales.ordered_date_key') }} > {{ first_day }}
    where not sales.is_return and sales.customer_id <> '_unknown'
    group by sales.customer_id, products.product_id, products.category
),

bought_at_level as (
    {%- for level, code in levels.items() %}
    select
        customer_id,
        '{{ level }}' as product_level,
        {{ code }} as product_code,
        sum(quantity) as quantity,
        sum(net_amount) as net_amount
    from bought
    group by customer_id{{ ', ' ~ code if not loop.last }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

members as (
    select
        segment_code,
        customer_id
    from memberships
    where is_current
    union all
    select
        'base' as segment_code,
        standing.customer_id
    from standing
    inner join business on standing.as_of_date = business.business_date
    where not standing.is_prospect and not standing.is_deleted
),

counted as (
    select
        members.segment_code,
        bought_at_level.product_level,
        bought_at_level.product_code,
        count(*) as buyer_count,
        max(case when product_level = 'all' then count(*) end) over (
            partition by members.segment_code
        ) as segment_buyer_count,
        sum(bought_at_level.quantity) as quantity,
        sum(bought_at_level.net_amount) as net_amount,
        max(case when product_level = 'all' then sum(net_amount) end) over (
            partition by members.segment_code
        ) as segment_amount
    from members
    inner join bought_at_level on members.customer_id = bought_at_level.customer_id
    group by
        members.segment_code, bought_at_level.product_level,
        bought_at_level.product_code
),

final as (
    select
        -- keys
        counted.segment_code,
        counted.product_level,
        counted.product_code,

        -- measures
        counted.buyer_count,
        counted.segment_buyer_count,
        cast(counted.quantity as decimal(18, 3)) as quantity,
        cast(counted.net_amount as decimal(18, 4)) as net_amount,
        {{ fit_measures('counted', 'base') }}
    from counted
    inner join counted as base
        on
            base.segment_code = 'base'
            and counted.product_level = base.product_level
            and counted.product_code = base.product_code
)

select * from final
