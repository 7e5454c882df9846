{%- set codes = [
    'postcode_place_code', 'city_place_code', 'region_place_code', 'all_place_code',
] -%}
{%- set measures = [
    'quantity', 'gross_amount', 'discount_amount', 'net_amount', 'cost_amount',
] -%}

with sales as (
    select * from {{ ref('fct_sale') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

products as (
    select * from {{ ref('dim_product') }}
),

places as (
    select * from {{ ref('dim_geography') }}
),

by_day as (
    select
        sales.ordered_date_key,
        sales.geography_key,
        products.category as product_category,
        sales.channel_key,
        sales.currency_code,
        {%- for measure in measures %}
        sum(sales.{{ measure }}) as {{ measure }},
        {%- endfor %}
        count(*) as sale_line_count
    from sales
    inner join products on sales.product_key = products.product_key
    group by
        sales.ordered_date_key, sales.geography_key, products.category,
        sales.channel_key, sales.currency_code
),

named as (
    select
        by_day.*,
        coalesce(dates.calendar_date, date '1900-01-01') as calendar_date,
        places.postcode_place_code,
        places.city_place_code,
        places.region_place_code,
        'all' as all_place_code
    from by_day
    inner join dates on by_day.ordered_date_key = dates.date_key
    inner join places on by_day.geography_key = places.geography_key
),

by_period as (
    {%- for period in ['day', 'month', 'quarter', 'year'] %}
    select
        '{{ period }}' as time_level,
        cast({{ dbt.date_trunc(period, 'calendar_date') }} as date) as period_start,
        {{ codes | join(',\n        ') }},
        product_category,
        channel_key,
        currency_code,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        sum(sale_line_count) as sale_line_count
    from named
    group by
        cast({{ dbt.date_trunc(period, 'calendar_date') }} as date),
        {{ codes | join(',\n        ') }},
        product_category, channel_key, currency_code
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

by_place as (
    {%- for code in codes %}
    select
        time_level,
        period_start,
        '{{ code | replace('_place_code', '') }}' as place_level,
        {{ code }} as place_code,
        product_category,
        channel_key,
        currency_code,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        sum(sale_line_count) as sale_line_count
    from by_period
    group by
        time_level, period_start, {{ code }}, product_category, channel_key,
        currency_code
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        -- keys
        time_level,
        period_start,
        place_level,
        place_code,
        product_category,
        channel_key,
        currency_code,

        -- measures
        cast(sale_line_count as bigint) as sale_line_count,
        cast(quantity as decimal(18, 3)) as quantity,
        cast(gross_amount as decimal(18, 4)) as gross_amount,
        cast(discount_amount as decimal(18, 4)) as discount_amount,
        cast(net_amount as decimal(18, 4)) as net_amount,
        cast(cost_amount as decimal(18, 4)) as cost_amount
    from by_place
)

select * from final
