{# The joins by which an event finds who is behind it: the link of its party record now
   and when it was loaded, and the customer's version at its moment. `event` has
   `party_source_name`, `party_record_id`, `load_id`, `customer_id` and the moment; read
   beside it are `links`, `earlier_links` and `customer_versions`. #}
{% macro customer_of(event, moment, party_source='party_source_name', party_record='party_record_id') -%}
    left join links
        on
            {{ event }}.{{ party_source }} = links.source_name
            and {{ event }}.{{ party_record }} = links.source_record_id
    left join earlier_links
        on
            {{ event }}.{{ party_source }} = earlier_links.source_name
            and {{ event }}.{{ party_record }} = earlier_links.source_record_id
            and {{ event }}.load_id >= earlier_links.from_load_id
            and {{ event }}.load_id < earlier_links.to_load_id
    left join customer_versions
        on
            {{ event }}.customer_id = customer_versions.customer_id
            and {{ event }}.{{ moment }} >= customer_versions.valid_from
            and {{ event }}.{{ moment }} < customer_versions.valid_to
{%- endmacro %}
