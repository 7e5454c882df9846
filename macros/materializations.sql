{# A table is made under its own name, in one transaction that takes the place of what was
   there. The adapter's way makes it under another name, renames what was there, renames
   what is new, and drops the old: two to four statements more, and all the words for them.
   What the table says, and what a failure leaves, are the same. #}
{% materialization table, adapter="duckdb" %}
    {%- set target = this.incorporate(type="table") -%}
    {%- set standing = load_cached_relation(this) -%}
    {%- if standing is not none and not standing.is_table -%}
        {% do adapter.drop_relation(standing) %}
    {%- endif -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement("main") -%}
        {{ replaced_table(target, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}

{% macro replaced_table(relation, query) -%}
    {%- if config.get("contract").enforced -%}
        {{ get_assert_columns_equivalent(query) }}
        create or replace table {{ relation }} {{ get_table_columns_and_constraints() }};
        insert into {{ relation }} {{ get_column_names() }} (
            {{ get_select_subquery(query) }}
        );
    {%- else -%}
        create or replace table {{ relation }} as (
            {{ query }}
        );
    {%- endif -%}
{%- endmacro %}
