{# The CTEs that count what segments buy: of each customer once by each of `numbers`, what
   tells things apart, from fine to coarse; then of those who are in the same segments; then
   of segments. Reads `lines_bought`, with `set_number`, `customer_number`, the numbers and
   the measures, `sets` and `items`; `summed` has `segment_code`, `product_level`,
   `item_number`, `buyer_count` and the measures, and `codes` has what the numbers mean. #}
{% macro bought_in_segments(numbers, measures) -%}
{% for number in numbers %}
by_{{ number }} as (
    select
        set_number,
        customer_number,
        {{ numbers[loop.index0:] | join(', ') }},
        {%- for measure, type in measures.items() %}
        cast(sum({{ measure }}) as {{ type }}) as {{ measure }}
        {{- "," if not loop.last }}
        {%- endfor %}
    from {{ 'lines_bought' if loop.first else 'by_' ~ loop.previtem }}
    group by set_number, customer_number, {{ numbers[loop.index0:] | join(', ') }}
),
{% endfor %}
bought_by_set as (
    {%- for number in numbers %}
    select
        set_number,
        '{{ number.replace('_number', '') }}' as product_level,
        {{ number }} as item_number,
        count(*) as buyer_count,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from by_{{ number }}
    group by set_number, {{ number }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

summed as (
    {%- for segment in profiled_segments('not sets.is_prospect and not sets.is_deleted') %}
    select
        {{ segment }} as segment_code,
        bought_by_set.product_level,
        bought_by_set.item_number,
        {%- for measure in measures %}
        sum(bought_by_set.{{ measure }}) as {{ measure }},
        {%- endfor %}
        sum(bought_by_set.buyer_count) as buyer_count
    from bought_by_set
    inner join sets on bought_by_set.set_number = sets.set_number
    where {{ segment }} is not null
    group by {{ segment }}, bought_by_set.product_level, bought_by_set.item_number
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

codes as (
    {%- for number in numbers %}
    {%- set level = number.replace('_number', '') %}
    select
        '{{ level }}' as product_level,
        {{ number }} as item_number,
        min({{ level }}_code) as product_code
    from items
    group by {{ number }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
