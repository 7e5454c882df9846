{%- set codes = [
    'postcode_place_code', 'city_place_code', 'region_place_code', 'all_place_code',
] -%}
{%- set grain = 'product_category, channel_key, currency_code' -%}
{%- set measures = [
    'quantity', 'gross_amount', 'discount_amount', 'net_amount', 'cost_amount',
    'company_net_amount', 'company_margin_amount',
] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_periods(
        'fct_sale', 'ordered_date_key',
        ['geography_key', 'channel_key', 'currency_code'] + measures,
        members={
            'dim_product': ['product_key', 'category'],
            'dim_geography': ['geography_key'] + codes[:3],
        },
    ),
    post_hook=after_touched_periods(),
) }}

with sales as (
    select * from {{ ref('fct_sale') }}
),

products as (
    select * from {{ ref('dim_product') }}
),

places as (
    select * from {{ ref('dim_geography') }}
),

by_day as (
    select
        {{ date_of_key('sales.ordered_date_key') }} as calendar_date,
        {{ codes[:3] | join(',
        ') }},
        'all' as all_place_code,
        products.category as product_category,
        sales.channel_key,
        sales.currency_code,
        {%- for measure in measures %}
        sum(sales.{{ measure }}) as {{ measure }},
        {%- endfor %}
        count(*) as sale_line_count
    from sales
    inner join products on sales.product_key = products.product_key
    inner join places on sales.geography_key = places.geography_key
    where {{ is_of_touched_period('year', 'sales.ordered_date_key') }}
    group by
        sales.ordered_date_key, {{ codes[:3] | join(', ') }},
        products.category, sales.channel_key, sales.currency_code
),

by_period as (
    {%- for period in ['day', 'month', 'quarter', 'year'] %}
    select
        '{{ period }}' as time_level,
        {{ first_of_period(period, 'calendar_date') }} as period_start,
        {{ codes | join(',\n        ') }},
        {{ grain }},
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        sum(sale_line_count) as sale_line_count
    from by_day
    where {{ in_touched_period(period, 'calendar_date') }}
    group by
        {{ first_of_period(period, 'calendar_date') }},
        {{ codes | join(',\n        ') }},
        {{ grain }}
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
        {{ grain }},
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        sum(sale_line_count) as sale_line_count
    from by_period
    group by
        time_level, period_start, {{ code }}, {{ grain }}
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
        {%- for measure in measures[1:-1] %}
        cast({{ measure }} as decimal(18, 4)) as {{ measure }},
        {%- endfor %}
        cast(company_margin_amount as decimal(18, 4)) as company_margin_amount
    from by_place
)

select * from final
