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


{# A delivered code as it goes on: as it came where it looks like a code, else masked, so
   that what somebody wrote into the wrong column, a name, a number, an address, is in no
   table that is published. Masked are its length and a keyed hash: equal texts stay equal,
   and the dictionary knows none of them. What came stays in the archive. #}
{% macro code_or_mask(column) -%}
    case
        when {{ looks_like_code(column) }} then {{ column }}
        when {{ column }} is not null
            then concat_ws(
                '_', 'masked', length({{ column }}), substr({{ keyed_hash(column) }}, 1, 12)
            )
    end
{%- endmacro %}


{# Whether a text looks like a code: at most 32 letters of the Latin alphabet, digits and
   marks between them, of the digits at most six; no blank, no `@`. Of a column of
   several, each part. #}
{% macro looks_like_code(column) -%}
    {{ return(adapter.dispatch('looks_like_code')(column)) }}
{%- endmacro %}

{% macro default__looks_like_code(column) -%}
    regexp_matches({{ column }}, '{{ code_pattern(column) }}')
    and length({{ column }}) <= {{ 320 if column.endswith(('_codes', '_purposes')) else 32 }}
{%- endmacro %}

{% macro spark__looks_like_code(column) -%}
    {{ column }} rlike '{{ code_pattern(column) }}'
    and length({{ column }}) <= {{ 320 if column.endswith(('_codes', '_purposes')) else 32 }}
{%- endmacro %}

{% macro code_pattern(column) -%}
    {%- set one = '[A-Za-z_.:/+-]*([0-9][A-Za-z_.:/+-]*){0,6}' -%}
    {{- '^' ~ one ~ ('( *, *' ~ one ~ ')*' if column.endswith(('_codes', '_purposes')) else '') ~ '$' -}}
{%- endmacro %}
