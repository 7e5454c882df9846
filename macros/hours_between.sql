{# Hours from one moment to another, to a hundredth; below zero where the second came
   first, null where either is missing. #}
{% macro hours_between(earlier, later) -%}
    cast(
        round({{ dbt.datediff(earlier, later, "second") }} / 3600.0, 2) as decimal(18, 2)
    )
{%- endmacro %}
