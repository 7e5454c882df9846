{# What the contracts say of each source of the company, one entry a source, in order of
   their names. Empty while dbt parses. #}
{% macro source_contracts() -%}
    {%- set contracts = {} -%}
    {%- if execute -%}
        {%- for node in graph.sources.values() -%}
            {%- set contract = node.source_meta.get('contract') -%}
            {%- if contract -%}
                {%- do contracts.update({node.source_name: contract}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set entries = [] -%}
    {%- for source_name, contract in contracts | dictsort -%}
        {%- do entries.append(dict(contract, source_name=source_name)) -%}
    {%- endfor -%}
    {{- return(entries) -}}
{%- endmacro %}


{# A value of a contract as a literal of the type; null when it is not stated. #}
{% macro stated(value, data_type) -%}
    {%- if value is none or value is undefined -%}
    cast(null as {{ data_type }})
    {%- else -%}
    cast('{{ dbt.escape_single_quotes(value | string) }}' as {{ data_type }})
    {%- endif -%}
{%- endmacro %}
