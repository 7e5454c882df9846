{# Whom the warehouse knew behind the record of a fact when it loaded the fact. Reads
   `links` (int_customer__links) and `earlier_links` (int_customer__earlier_links),
   joined on the fact's party record. #}
{% macro customer_id_at_load(load_id) -%}
    coalesce(
        case
            when links.was_relinked then earlier_links.customer_id
            when {{ load_id }} >= links.first_load_id then links.customer_id
        end,
        '_unknown'
    )
{%- endmacro %}
