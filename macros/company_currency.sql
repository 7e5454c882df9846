{# The currency that the company counts in, as an SQL text; `XXX`, ISO 4217 for none,
   where company.yml names no currency. #}
{% macro company_currency() -%} '{{ var("company").get("currency", "XXX") }}' {%- endmacro %}


{# An amount in the company's currency, to four places; null where no rate is known. #}
{% macro in_company_currency(amount, exchange_rate) -%}
    {{ product(amount, exchange_rate) }}
{%- endmacro %}
