{# A table is made under its own name, in one transaction that takes the place of what was
   there. The adapter's way makes it under another name, renames what was there, renames
   what is new, and drops the old: two to four statements more, and all the words for them.
   What the table says, and what a failure leaves, are the same. #}
{% materialization table, adapter="duckdb" %}
    {%- set target = this.incorporate(type="table") -%}
    {{ run_hooks(pre_hooks) }}
    {{ build_whole(target) }}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}

{# A table that goes on from what it was (macros/building.sql): one statement or two, where
   the adapter's way has ten. One by keys of which nothing is read anew is as it was, and
   nothing is done. #}
{% materialization incremental, adapter="duckdb" %}
    {%- set target = this.incorporate(type="table") -%}
    {%- set by = config.get("meta", {}).get("journal") -%}
    {%- set is_by_key = by and by.reads and is_built_by_key() -%}
    {%- if is_by_key and not (news_of_reads().is_new or pre_hooks or post_hooks) -%}
        {{ say_it_stands() }}
        {{ return({"relations": [target]}) }}
    {%- endif -%}
    {{ run_hooks(pre_hooks) }}
    {%- if is_by_key -%}
        {{ build_touched_keys(target, by) }}
    {%- elif by and by.told and is_incremental() and load_relation(head(this)) -%}
        {{ build_compared(target, by) }}
    {%- elif is_incremental() and not by -%}
        {{ build_onto(target) }}
    {%- else -%}
        {{ build_whole(target, by) }}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}

{# Makes a table anew, and its journal where it keeps one. #}
{% macro build_whole(target, by=none) -%}
    {%- set standing = load_cached_relation(target) -%}
    {%- if standing is not none and not standing.is_table -%}
        {% do adapter.drop_relation(standing) %}
    {%- endif -%}
    {% call statement("main") -%}
        {{ replaced_table(target, compiled_code) }}
        {%- if by %}
        {{ begin_journal(target, by.key + by.get("tells", [])) }};
        {%- endif %}
        {%- if by and by.reads %}
        {{ note_reads(target, by.reads) }};
        {%- endif %}
    {%- endcall %}
{%- endmacro %}

{% macro replaced_table(relation, query) -%}
    {%- if config.get("contract").enforced -%}
        {{ get_assert_columns_equivalent(query) }}
        create or replace table {{ relation }} {{ get_table_columns_and_constraints() }};
        {{ appended(relation, query) }};
    {%- else -%}
        create or replace table {{ relation }} as (
            {{ query }}
        );
    {%- endif -%}
{%- endmacro %}

{% macro appended(relation, query) -%}
    {%- if config.get("contract").enforced -%}
        insert into {{ relation }} {{ get_column_names() }} (
            {{ get_select_subquery(query) }}
        )
    {%- else -%}
        insert into {{ relation }} by name (
            {{ query }}
        )
    {%- endif -%}
{%- endmacro %}
