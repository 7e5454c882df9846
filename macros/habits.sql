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
