{# The key in `dim_load` of a load; `_unknown` for none. #}
{% macro load_key(load_id) -%}
    coalesce(cast({{ load_id }} as {{ dbt.type_string() }}), '_unknown')
{%- endmacro %}
