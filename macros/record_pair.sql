{# The two records of a pair in one order, by source and then by id, so that a pair is
   the same whichever record stood on the left. #}
{% macro record_pair() -%}
    {%- set is_straight -%}
        left_source_name < right_source_name
        or (left_source_name = right_source_name and left_record_id <= right_record_id)
    {%- endset -%}
    {%- for place, straight, crossed in [
        ('one', 'left', 'right'), ('other', 'right', 'left'),
    ] -%}
        {%- for part in ['source_name', 'record_id'] -%}
        case
            when {{ is_straight }} then {{ straight }}_{{ part }}
            else {{ crossed }}_{{ part }}
        end as {{ place }}_{{ part }}
        {{- "," if not loop.last }}
        {% endfor %}
        {{- "," if not loop.last }}
    {% endfor -%}
{%- endmacro %}
