{# The habits of which the preferred value is kept: what it is called, and the expression
   of the value of a line of int_behaviour__lines. #}
{% macro shopping_habits() -%}
    {{- return({
        'product': 'product_id',
        'category': 'category',
        'channel': 'channel_code',
        'outlet': 'outlet_key',
        'weekday': weekday_number('ordered_date'),
        'hour': 'ordered_hour',
    }) -}}
{%- endmacro %}


{# All of them, with the media, the channel on which a customer answers. #}
{% macro habits() -%}
    {{- return((shopping_habits().keys() | list) + ['media']) -}}
{%- endmacro %}


{# A value with its rank as one text, so that the greatest of several is the preferred:
   that of most days; of these the one whose last day is the latest; of these the greatest
   text. `ranked_value` puts it together, `value_of_ranked` takes the value out again. #}
{% macro ranked_value(day_count, date, value) -%}
    lpad(cast({{ day_count }} as {{ dbt.type_string() }}), 9, '0')
    || cast({{ date }} as {{ dbt.type_string() }})
    || {{ value }}
{%- endmacro %}

{% macro value_of_ranked(ranked) -%}
    substr({{ ranked }}, 20)
{%- endmacro %}


{# `preferred_so_far`: of each habit the number of the value that is preferred after a day,
   by the same rank, for numbers sort faster than texts. `rows` tell by customer and day the
   numbers of values, `<habit>_number`, which rise as the values do; a company has fewer
   than a hundred million. #}
{% macro preferred_so_far(rows) -%}
{%- set values = 100000000 -%}
chosen as (
    {%- for habit in habits() %}
    select
        customer_number,
        behaviour_date,
        cast({{ loop.index }} as smallint) as habit_number,
        {{ habit }}_number as value_number
    from {{ rows }}
    where {{ habit }}_number is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

counted as (
    -- Of as many days the latest counts: the date stands between count and value.
    select
        customer_number,
        behaviour_date,
        habit_number,
        (
            cast(row_number() over (
                partition by customer_number, value_number
                order by behaviour_date nulls last
            ) as {{ dbt.type_bigint() }}) * 100000
            + least({{ dbt.datediff("date '1900-01-01'", 'behaviour_date', 'day') }}, 99999)
        ) * {{ values }} + value_number as place
    from chosen
    group by customer_number, behaviour_date, habit_number, value_number
),

placed as (
    select
        {%- for habit in habits() %}
        max(case when habit_number = {{ loop.index }} then place end) as {{ habit }}_place,
        {%- endfor %}
        customer_number,
        behaviour_date
    from counted
    group by customer_number, behaviour_date
),

preferred_so_far as (
    -- Counts never fall, so what is preferred changes only to a value of the day.
    select
        {%- for habit in habits() %}
        max({{ habit }}_place) over so_far % {{ values }} as {{ habit }}_number,
        {%- endfor %}
        customer_number,
        behaviour_date
    from placed
    window
        so_far as (
            partition by customer_number
            order by behaviour_date nulls last
            rows between unbounded preceding and current row
        )
)
{%- endmacro %}
