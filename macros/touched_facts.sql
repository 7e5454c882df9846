{# What the latest state of an event is made of, as a table built by keys `reads` it: its
   deliveries, and the link of its party record. #}
{% macro reads_of_event(input, record_id) -%}
    {{ return([
        {'loads_of': input},
        {
            'keys_of': 'int_customer__links',
            'via': "select built.source_name, built." ~ record_id
                ~ " from {{ this }} as built inner join changed"
                ~ " on built.party_source_name = changed.source_name"
                ~ " and built.party_record_id = changed.source_record_id",
        },
    ]) }}
{%- endmacro %}


{# What a fact is made of: the journals of its event, of the versions of its customers, and
   of whatever else it points at. `told_by` are the columns of which the event's journal
   tells, where they are those of which `key` is the surrogate key, and not `key` itself.
   `members` are among those of `_journals_of_members`; the event points at them by
   `<member>_source_name` and `<member>_record_id`. Links need no reading: the event has
   read them, and whom they once named they name for good. #}
{% macro reads_of_fact(event, key, told_by=none, members=[], has_customer=true) -%}
    {%- set told = "{{ surrogate_key(" ~ told_by | tojson ~ ") }} as " ~ key
        if told_by else key -%}
    {%- set reads = [{'keys_of': event, 'via': 'select ' ~ told ~ ' from changed'}] -%}
    {%- if has_customer -%}
        {%- do reads.append(_read_of_member(event, key, 'int_customer__version_keys', {
            'customer_id': 'customer_id',
        })) -%}
    {%- endif -%}
    {%- for member in members -%}
        {%- do reads.append(_read_of_member(event, key, _journals_of_members()[member], {
            member ~ '_source_name': 'source_name',
            member ~ '_record_id': member ~ '_record_id',
        })) -%}
    {%- endfor -%}
    {{ return(reads) }}
{%- endmacro %}


{% macro _read_of_member(event, key, journal, columns) -%}
    {%- set pairs = [] -%}
    {%- for of_event, of_member in columns.items() -%}
        {%- do pairs.append("event." ~ of_event ~ " = changed." ~ of_member) -%}
    {%- endfor -%}
    {{ return({
        'keys_of': journal,
        'via': "select event." ~ key ~ " from {{ ref('" ~ event ~ "') }} as event "
            ~ "inner join changed on " ~ pairs | join(' and '),
    }) }}
{%- endmacro %}

{% macro _journals_of_members() -%}
    {{ return({
        'product': 'int_product__versions',
        'outlet': 'int_outlet__current',
        'campaign': 'int_campaign__current',
        'agent': 'int_agent__current',
    }) }}
{%- endmacro %}
