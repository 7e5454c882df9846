{# How agg_sales is built by its cells, its own rows: a sale touches those of its day, month,
   quarter and year, of each of its places, in its category. `reads_of_sales_cells` finds
   them as sales were and as they are; what category and places were then, journals tell. #}
{% macro reads_of_sales_cells() -%}
    {{ return([
        {'keys_of': 'fct_sale', 'via': "{{ cells_of_sales() }}"},
        {'keys_of': 'dim_product', 'via': "{{ cells_of_sales('product_key') }}"},
        {'keys_of': 'dim_geography', 'via': "{{ cells_of_sales('geography_key') }}"},
    ]) }}
{%- endmacro %}

{% macro cells_of_sales(member_key=none) -%}
    {%- set products, places = ref('dim_product'), ref('dim_geography') -%}
    {%- set codes = 'postcode_place_code, city_place_code, region_place_code' -%}
    {%- set grain = 'category, channel_key, currency_code' -%}
    select
        time_levels.time_level,
        case time_levels.time_level
            {%- for level in ['month', 'quarter', 'year'] %}
            when '{{ level }}' then {{ first_of_period(level, 'calendar_date') }}
            {%- endfor %}
            else calendar_date
        end as period_start,
        place_levels.place_level,
        case place_levels.place_level
            {%- for level in ['postcode', 'city', 'region'] %}
            when '{{ level }}' then {{ level }}_place_code
            {%- endfor %}
            else 'all'
        end as place_code,
        category as product_category,
        channel_key,
        currency_code
    from (
        select distinct
            {{ date_of_key('ordered_date_key') }} as calendar_date,
            {{ codes }},
            {{ grain.replace('currency_code', 'sales.currency_code') }}
        from
            {%- if member_key %} (
            select fact.*
            from {{ ref('fct_sale') }} as fact
            inner join changed on fact.{{ member_key }} = changed.{{ member_key }}
            )
            {%- else %} changed
            {%- endif %} as sales
        inner join (
            select product_key, category from {{ products }}
            union
            select product_key, category from {{ journal(products) }}
        ) as products on sales.product_key = products.product_key
        inner join (
            select geography_key, {{ codes }} from {{ places }}
            union
            select geography_key, {{ codes }} from {{ journal(places) }}
        ) as places on sales.geography_key = places.geography_key
    ) as touched
    cross join (
        {%- for level in ['day', 'month', 'quarter', 'year'] %}
        select '{{ level }}' as time_level {{ "union all" if not loop.last }}
        {%- endfor %}
    ) as time_levels
    cross join (
        {%- for level in ['postcode', 'city', 'region', 'all'] %}
        select '{{ level }}' as place_level {{ "union all" if not loop.last }}
        {%- endfor %}
    ) as place_levels
{%- endmacro %}


{# Of sales, those of a day of which a cell is touched, as a join. #}
{% macro of_touched_day(sales, category) -%}
    inner join (
        select
            case
                when period_start = date '1900-01-01' then '_unknown'
                else cast(period_start as {{ dbt.type_string() }})
            end as ordered_date_key,
            product_category,
            channel_key,
            currency_code
        from {{ touched_now(this) }}
        where time_level = 'day' and place_level = 'all'
    ) as touched_day
        on
            {{ sales }}.ordered_date_key = touched_day.ordered_date_key
            and {{ category }} = touched_day.product_category
            and {{ sales }}.channel_key = touched_day.channel_key
            and {{ sales }}.currency_code = touched_day.currency_code
{%- endmacro %}


{# What touched cells of a period are the sum of: cells of its parts that are built anew,
   and those that stand. #}
{% macro parts_of_period(built, part, period, grain, columns) -%}
    (
        select {{ (grain + columns) | join(', ') }}
        from {{ built }}
        union all
        select standing.{{ (grain + columns) | join(', standing.') }}
        from {{ this }} as standing
        inner join {{ touched_now(this) }} as touched_key
            on
                touched_key.time_level = '{{ period }}'
                and {{ first_of_period(period, 'standing.period_start') }}
                = touched_key.period_start
                {%- for column in grain[1:] %}
                and standing.{{ column }} = touched_key.{{ column }}
                {%- endfor %}
        where standing.time_level = '{{ part }}'
    ) as parts
{%- endmacro %}
