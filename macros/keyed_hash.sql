{# The keyed hash of a value, null for null. The connection knows the key, no statement
   does; so it serves tables only, for a view would outlive its connection. Another
   engine gets a function of its own by dispatch. #}
{% macro keyed_hash(expression) -%}
    {{ return(adapter.dispatch('keyed_hash')(expression)) }}
{%- endmacro %}


{% macro duckdb__keyed_hash(expression) -%}
    keyed_hash({{ expression }})
{%- endmacro %}
