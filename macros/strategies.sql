{# The strategies that a customer's class sets where the company chose none. #}
{% macro strategy_columns() -%}
    {{- return(['contact_strategy_code', 'purchase_strategy_code']) -}}
{%- endmacro %}


{# An attribute of a customer: a strategy that the company chose for it, else that of its
   class (`of_class`), else of its kind (`of_kind`); any other attribute as it is. #}
{% macro chosen_or_default(relation, attribute) -%}
    {%- if attribute in strategy_columns() -%}
    coalesce(
        {%- for of in [relation, 'of_class', 'of_kind'] %}
            {{ of }}.{{ attribute }}{{ "," if not loop.last }}
        {%- endfor %}
        ) as {{ attribute }}
    {%- else -%}
    {{ relation }}.{{ attribute }}
    {%- endif -%}
{%- endmacro %}
