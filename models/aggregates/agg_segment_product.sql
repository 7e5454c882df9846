{%- set first_day = dbt.dateadd('month', -window_months(), 'business.business_date') -%}
{%- set of_set = columns_of_set()[1:] + ['is_deleted'] -%}
{%- set measures = {'quantity': 'decimal(18, 3)', 'net_amount': 'decimal(18, 4)'} -%}
{%- set numbers = ['product_number', 'category_number', 'all_number'] -%}

with standing as (
    select * from {{ ref('fct_customer_standing') }}
),

standing_again as (
    select * from {{ ref('fct_customer_standing') }}
),

sales as (
    select * from {{ ref('fct_sale') }}
),

products as (
    select * from {{ ref('dim_product') }}
),

business as (
    select max(as_of_date) as business_date
    from standing_again
),

customers as (
    -- Who is in the same segments is counted once, not once a segment.
    select
        standing.customer_id,
        {{ of_set | join(', ') }},
        row_number() over (order by customer_id nulls last) as customer_number,
        dense_rank() over (order by {{ of_set | join(' nulls last, ') }} nulls last)
            as set_number
    from standing
    inner join business on standing.as_of_date = business.business_date
),

sets as (
    select {{ of_set | join(', ') }}, set_number
    from customers
    group by {{ of_set | join(', ') }}, set_number
),

items as (
    -- Numbers are told apart much faster than texts.
    select
        product_key,
        product_id as product_code,
        category as category_code,
        'all' as all_code,
        dense_rank() over (order by product_id nulls last) as product_number,
        dense_rank() over (order by category nulls last) as category_number,
        0 as all_number
    from products
),

lines_bought as (
    select
        {%- for number in ['set_number', 'customer_number'] + numbers %}
        cast({{ number }} as integer) as {{ number }},
        {%- endfor %}
        sales.quantity,
        coalesce(sales.company_net_amount, 0) as net_amount
    from sales
    inner join items on sales.product_key = items.product_key
    inner join customers on sales.customer_id = customers.customer_id
    cross join business
    where
        not sales.is_return
        and sales.ordered_date_key <= {{ date_key('business.business_date') }}
        and sales.ordered_date_key > {{ date_key('cast(' ~ first_day ~ ' as date)') }}
),

{{ bought_in_segments(numbers, measures) }},

counted as (
    select
        summed.segment_code,
        summed.product_level,
        codes.product_code,
        summed.buyer_count,
        summed.quantity,
        summed.net_amount,
        {%- for whole, part in {
            'segment_buyer_count': 'buyer_count', 'segment_amount': 'net_amount',
        }.items() %}
        max(case when summed.product_level = 'all' then summed.{{ part }} end) over (
            partition by summed.segment_code
        ) as {{ whole }}{{ "," if not loop.last }}
        {%- endfor %}
    from summed
    inner join codes
        on
            summed.product_level = codes.product_level
            and summed.item_number = codes.item_number
),

final as (
    select
        -- keys
        counted.segment_code,
        counted.product_level,
        counted.product_code,

        -- measures
        cast(counted.buyer_count as bigint) as buyer_count,
        cast(counted.segment_buyer_count as bigint) as segment_buyer_count,
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
