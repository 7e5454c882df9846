{# The rows of a policy seed, and over them the company's own seed `<name>__company`, which
   wins where both state the same key. #}
{% macro policy(name, key, columns) -%}
    {%- if name not in var('dictionaries') -%}
    select {{ columns | join(', ') }}
    from {{ ref(name) }}
    {%- else -%}
    {%- set company_rows = ref(name ~ '__company') -%}
    select {{ columns | join(', ') }}
    from {{ company_rows }}
    union all
    select product_rows.{{ columns | join(', product_rows.') }}
    from {{ ref(name) }} as product_rows
    left join {{ company_rows }} as company_rows
        on product_rows.{{ key }} = company_rows.{{ key }}
    where company_rows.{{ key }} is null
    {%- endif -%}
{%- endmacro %}
