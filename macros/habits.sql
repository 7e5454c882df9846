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


{# The same rank among the values of one day as a number, which sorts faster than a text:
   of a count of days and the number of the value, which rises as the value does; a company
   has fewer than a milliard values. `ranked_at` makes the text of the place of a habit, in
   `<habit>_place` of a relation that has `behaviour_date`, with the value joined as
   `of_<habit>`; `value_at` is the number of that value. #}
{% macro place_of(day_count, value_number) -%}
    {{ day_count }} * 1000000000 + {{ value_number }}
{%- endmacro %}

{% macro value_at(prefix, habit) -%}
    {{ prefix }}{{ habit }}_place % 1000000000
{%- endmacro %}

{% macro ranked_at(prefix, habit) -%}
    {{ ranked_value(
        'cast(floor(' ~ prefix ~ habit ~ '_place / 1000000000) as integer)',
        prefix ~ 'behaviour_date',
        'of_' ~ habit ~ '.habit_value',
    ) }}
{%- endmacro %}
