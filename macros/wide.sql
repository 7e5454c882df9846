{# An amount wide enough to be multiplied: two decimals of up to 18 digits are multiplied
   in 64 bits, and a product of more than 18 digits, those after the point counted, ends
   the query. #}
{% macro wide(amount) -%} cast({{ amount }} as decimal(28, 4)) {%- endmacro %}
