{# How `delete+insert` takes away what it is to bring anew: by asking whether a key is among
   those, as dbt itself has it. What the adapter does instead for a key of several columns
   joins every row that goes with every row that comes under the same key: with whole
   periods for keys, their square. #}
{% macro duckdb__get_delete_insert_merge_sql(
    target, source, unique_key, dest_columns, incremental_predicates
) -%}
    {{ return(dbt.default__get_delete_insert_merge_sql(
        target, source, unique_key, dest_columns, incremental_predicates
    )) }}
{%- endmacro %}
