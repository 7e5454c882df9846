{%- set names = {'full_name': 'name_latin', 'address_line': 'address_key'} -%}
{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_customer__link_history'},
    {'keys_of': 'int_party__state_history', 'via': customers_of_records()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with state_history as (
    select * from {{ ref('int_party__state_history') }}
),

delivered as (
    select * from {{ ref('input_party') }}
),

all_links as (
    select * from {{ ref('int_customer__link_history') }}
),

compared_attributes as (
    select * from {{ ref('compared_attribute') }}
),

link_history as (
    {{ rows_of_touched_keys('all_links', key) }}
),

shared_customers as (
    -- Who is known from one source alone gives nothing to compare.
    select customer_id
    from link_history
    group by customer_id
    having min(source_name) < max(source_name)
),

linked as (
    select
        link_history.customer_id,
        state_history.*,
        {%- for column in names.values() %}
        delivered.{{ column }},
        {%- endfor %}
        least(
            cast(state_history.valid_from as date), state_history.delivered_on
        ) as stated_on,
        greatest(state_history.known_from, link_history.known_from) as linked_from,
        least(state_history.known_to, link_history.known_to) as linked_to
    from shared_customers
    inner join link_history on shared_customers.customer_id = link_history.customer_id
    inner join state_history
        on
            link_history.source_name = state_history.source_name
            and link_history.source_record_id = state_history.source_record_id
            and link_history.known_from < state_history.known_to
            and link_history.known_to > state_history.known_from
    inner join delivered
        on
            state_history.source_name = delivered.source_name
            and state_history.source_record_id = delivered.source_record_id
            and state_history.load_id = delivered.load_id
            and state_history.load_row = delivered.load_row
    where
        state_history.valid_to = timestamp '9999-12-31'
        and not state_history.is_deleted
),

stated as (
    {%- for attribute in claimed_attributes() %}
    select
        customer_id,
        source_name,
        source_record_id,
        '{{ attribute.name }}' as attribute_name,
        '{{ attribute.group }}' as attribute_group,
        {% if attribute.name in names -%}
        coalesce({{ names[attribute.name] }}, {{ comparable(attribute, 'linked') }})
        {%- else -%}
        {{ comparable(attribute, 'linked') }}
        {%- endif %} as value_code,
        stated_on,
        linked_from,
        linked_to
    from linked
    where {{ attribute.name }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        stated.customer_id,
        stated.source_name,
        stated.source_record_id,
        stated.attribute_name,
        stated.attribute_group,
        stated.value_code,
        compared_attributes.comparison_weight,
        compared_attributes.wrong_value_count,
        stated.stated_on,
        stated.linked_from as known_from,
        stated.linked_to as known_to
    from stated
    inner join compared_attributes
        on stated.attribute_name = compared_attributes.attribute_name
)

select * from final
