{# The extra attributes that a contract delivers, as one JSON object of texts: the columns
   of the table that the company's dictionary `extra_attribute` names. Null when none of
   them holds anything. A delta leaves out all of them, or none. #}
{% macro extra_attributes(source_name, table_name) -%}
    {%- set named = var('extra_attributes', []) | map(attribute='name') | list -%}
    {%- set fields = [] -%}
    {%- if execute -%}
        {%- for node in graph.sources.values()
            if node.source_name == source_name and node.name == table_name -%}
            {%- for column in node.columns.values() if column.name in named -%}
                {%- do fields.append(column.name) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set values = {} -%}
    {%- for name in fields -%}
        {%- do values.update({
            name: 'cast(' ~ typed(source_name, table_name, name) ~ ' as '
            ~ dbt.type_string() ~ ')'
        }) -%}
    {%- endfor -%}
    {{ json_of(values) if values else 'cast(null as ' ~ dbt.type_string() ~ ')' }}
{%- endmacro %}


{# A JSON object of texts, without the names whose value is null; null when none is left.
   `values` maps names to expressions. #}
{% macro json_of(values) -%}
    {{ return(adapter.dispatch('json_of')(values)) }}
{%- endmacro %}

{% macro default__json_of(values) -%}
    nullif(
        cast(json_merge_patch('{}', json_object(
            {%- for name, value in values.items() %}
            '{{ name }}', {{ value }}{{ "," if not loop.last }}
            {%- endfor %}
        )) as {{ dbt.type_string() }}),
        '{}'
    )
{%- endmacro %}

{% macro spark__json_of(values) -%}
    nullif(
        to_json(named_struct(
            {%- for name, value in values.items() %}
            '{{ name }}', {{ value }}{{ "," if not loop.last }}
            {%- endfor %}
        )),
        '{}'
    )
{%- endmacro %}


{# One extra attribute of a JSON object, in its type; null when it does not have it. #}
{% macro extra_attribute(json, attribute) -%}
    try_cast({{ json_text(json, attribute.name) }} as {{ attribute.data_type }})
{%- endmacro %}


{# The text of a field of a JSON object. #}
{% macro json_text(json, name) -%}
    {{ return(adapter.dispatch('json_text')(json, name)) }}
{%- endmacro %}

{% macro default__json_text(json, name) -%}
    json_extract_string({{ json }}, '$.{{ name }}')
{%- endmacro %}

{% macro spark__json_text(json, name) -%}
    get_json_object({{ json }}, '$.{{ name }}')
{%- endmacro %}
