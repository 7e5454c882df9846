{# The id of a member within its type: its source and record. #}
{% macro member_id(source_name, record_id) -%}
    {{ source_name }} || '|' || {{ record_id }}
{%- endmacro %}
