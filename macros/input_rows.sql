{# The rows of one input entity: the union of the staging models that the company maps
   to it, each column of the entity's yml taken where the model has it and a typed null
   where it lacks it; an empty typed table for an entity that nobody feeds. What
   a column of codes holds goes on only where it looks like a code. On an incremental
   run, only the loads that this table has not seen. #}
{% macro input_rows(entity) -%}
    {%- set feeds = var('inputs').get(entity, []) -%}
    {%- if not var('inputs') -%}
        {{ exceptions.raise_compiler_error(
            "no inputs: run dbt by `clientele dbt ...`, which passes company.yml"
        ) }}
    {%- endif -%}
    {%- set relations = [] -%}
    {%- for feed in feeds %}{% do relations.append(ref(feed)) %}{% endfor -%}
    {%- if execute -%}
        {%- set columns = [] -%}
        {%- for column in model.columns.values() -%}
            {%- if not column.config.get('meta', {}).get('is_derived') -%}
                {%- do columns.append(column) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set since = last_load_id() -%}
        {%- for relation in relations -%}
            {{ _input_select(relation, columns) }}
            where load_id > {{ since }}
            {{ "union all" if not loop.last }}
        {% else -%}
            {{ _input_select(none, columns) }}
            where false
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{% macro _input_select(relation, columns) -%}
    {%- set present = [] -%}
    {%- if relation -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do present.append(column.name) -%}
        {%- endfor -%}
    {%- endif -%}
    select
        {% for column in columns -%}
        cast({{ _delivered(column, present) }} as {{ column.data_type }})
            as {{ column.name }}{{ "," if not loop.last }}
        {% endfor -%}
    {{ "from " ~ relation if relation }}
{%- endmacro %}

{% macro _delivered(column, present) -%}
    {%- set meta = column.config.get('meta', {}) -%}
    {%- if column.name not in present -%} null
    {%- elif column.data_type == 'varchar' and (meta.get('dictionary') or meta.get('is_code')) -%}
        {{ code_or_mask(column.name) }}
    {%- else -%} {{ column.name }}
    {%- endif -%}
{%- endmacro %}


{# The highest load that this table holds; 0 when it is built anew. #}
{% macro last_load_id() -%}
    {%- if execute and is_incremental() -%}
        {%- set found = run_query("select coalesce(max(load_id), 0) from " ~ this) -%}
        {{- return(found.columns[0].values()[0]) -}}
    {%- endif -%}
    {{- return(0) -}}
{%- endmacro %}
