{# The columns that hold codes, by input entity: each with the dictionary that its yml
   names. Empty while dbt parses. #}
{% macro coded_columns() -%}
    {%- set coded = {} -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.name.startswith('input_') -%}
            {%- set columns = {} -%}
            {%- for name, column in node.columns.items() if column.meta.get('dictionary') -%}
                {%- do columns.update({name: column.meta.dictionary}) -%}
            {%- endfor -%}
            {%- do coded.update({node.name.removeprefix('input_'): columns}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(coded) -}}
{%- endmacro %}


{# The code that a column holds; of a column of several, named `..._codes`, one row each. #}
{% macro each_code(column) -%}
    {%- set text = 'cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {{ 'trim(' ~ split_rows(text) ~ ')' if column.endswith('_codes') else text }}
{%- endmacro %}


{# One row for each part between commas. #}
{% macro split_rows(text) -%}
    {{ return(adapter.dispatch('split_rows')(text)) }}
{%- endmacro %}

{% macro default__split_rows(text) -%}
    unnest(string_split({{ text }}, ','))
{%- endmacro %}

{% macro spark__split_rows(text) -%}
    explode(split({{ text }}, ','))
{%- endmacro %}
