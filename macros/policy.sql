{# The rows of a policy seed, and over them the company's own seed `<name>__company`, which
   wins where both state the same key. #}
{% macro policy(name, key, columns) -%}
    {%- if name not in var('dictionaries') -%}
    select {{ columns | join(', ') }}
    from {{ ref(name) }}
    {%- else -%}
    {%- set company_rows = ref(name ~ '__company') -%}
    {%- set keys = [key] if key is string else key -%}
    select {{ columns | join(', ') }}
    from {{ company_rows }}
    union all
    select product_rows.{{ columns | join(', product_rows.') }}
    from {{ ref(name) }} as product_rows
    left join {{ company_rows }} as company_rows
        on
            {%- for column in keys %}
            product_rows.{{ column }} = company_rows.{{ column }}
            {{- " and" if not loop.last }}
            {%- endfor %}
    where company_rows.{{ keys[0] }} is null
    {%- endif -%}
{%- endmacro %}
