{%- set codes = [
    'postcode_place_code', 'city_place_code', 'region_place_code', 'all_place_code',
] -%}
{%- set measures = [
    'quantity', 'gross_amount', 'discount_amount', 'net_amount', 'cost_amount',
    'company_net_amount', 'company_margin_amount',
] -%}
{%- set grain = ['product_category', 'channel_key', 'currency_code'] -%}
{%- set cell = ['period_start', 'place_level', 'place_code'] + grain -%}
{%- set key = ['time_level'] + cell -%}
{%- set reads = reads_of_sales_cells() -%}
{%- set is_by_key = is_built_by_key() -%}
{{ config(**built_by_keys(key, reads)) }}

with sales as (
    select * from {{ ref('fct_sale') }}
),

products as (
    select * from {{ ref('dim_product') }}
),

places as (
    select * from {{ ref('dim_geography') }}
),

lines_of_day as (
    select
        {{ date_of_key('sales.ordered_date_key') }} as period_start,
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
    {{ of_touched_day('sales', 'products.category') if is_by_key }}
    group by
        sales.ordered_date_key, {{ codes[:3] | join(', ') }},
        products.category, sales.channel_key, sales.currency_code
),

all_of_day as (
    {%- for code in codes %}
    select
        'day' as time_level,
        period_start,
        '{{ code | replace('_place_code', '') }}' as place_level,
        {{ code }} as place_code,
        {{ grain | join(', ') }},
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        sum(sale_line_count) as sale_line_count
    from lines_of_day
    group by period_start, {{ code }}, {{ grain | join(', ') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

of_day as (
    {{ rows_of_touched_keys('all_of_day', key) }}
),

{% for period, part in [('month', 'day'), ('quarter', 'month'), ('year', 'quarter')] -%}
of_{{ period }} as (
    -- The {{ part }}s of a {{ period }}, those that stand as they were among them.
    select
        '{{ period }}' as time_level,
        {{ first_of_period(period, 'period_start') }} as period_start,
        {{ cell[1:] | join(', ') }},
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        sum(sale_line_count) as sale_line_count
    from {{
        parts_of_period('of_' ~ part, part, period, cell, measures + ['sale_line_count'])
        if is_by_key else 'of_' ~ part
    }}
    group by {{ first_of_period(period, 'period_start') }}, {{ cell[1:] | join(', ') }}
),

{% endfor -%}
of_any_period as (
    {%- for period in ['day', 'month', 'quarter', 'year'] %}
    select * from of_{{ period }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        -- keys
        {{ key | join(',\n        ') }},

        -- measures
        cast(sale_line_count as bigint) as sale_line_count,
        cast(quantity as decimal(18, 3)) as quantity,
        {%- for measure in measures[1:-1] %}
        cast({{ measure }} as decimal(18, 4)) as {{ measure }},
        {%- endfor %}
        cast(company_margin_amount as decimal(18, 4)) as company_margin_amount
    from of_any_period
)

select * from final
