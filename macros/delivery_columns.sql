{# The columns that every staging model hands on, so that each row leads back to its
   source, load and row. `clock` is the expression of the source's own time of the row;
   without one, the business date of the delivery counts. #}
{% macro delivery_columns(source_name, clock=none) -%}
    '{{ source_name }}' as source_name,
        _load_id as load_id,
        _row as load_row,
        _record_hash as record_hash,
        _known_at as known_at,
        _delivered_on as delivered_on,
        {%- if clock %}
        coalesce({{ clock }}, cast(_delivered_on as timestamp)) as valid_from,
        {%- else %}
        cast(_delivered_on as timestamp) as valid_from,
        {%- endif %}
        _is_deleted as is_deleted
{%- endmacro %}


{# Names the columns of a delta that were left out: raw holds null for a column that the
   delivery did not have, the delivered text otherwise. `columns` maps names of the input
   entity to raw columns. #}
{% macro left_out(columns) -%}
    nullif(concat_ws('',
        {%- for name, raw in columns.items() %}
        case when {{ raw }} is null then ',{{ name }}' end,
        {%- endfor %}
        case when {% for raw in columns.values() -%}
            {{ raw }} is null{{ " or " if not loop.last }}
        {%- endfor %} then ',' end
    ), '')
{%- endmacro %}
