{%- set groups = party_attributes() -%}
{%- set slots = [1, 2, 3, 4] -%}
{%- set columns = [
    'source_name', 'source_record_id', 'customer_id', 'party_kind',
] + party_columns() + ['is_external', 'is_deleted', 'valid_from', 'valid_to'] -%}

with states as (
    select * from {{ ref('int_party__states') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

policies as (
    select * from {{ ref('survivorship_policy') }}
),

policy as (
    select
        {%- for group in groups %}
        {%- for slot in slots %}
        max(rule_{{ slot }}) filter (where attribute_group = '{{ group }}')
            as {{ group }}_rule_{{ slot }},
        {%- endfor %}
        {%- endfor %}
        count(*) as group_count
    from policies
),

contested as (
    select
        states.*,
        links.customer_id,
        links.is_external,
        links.reliability_rank,
        {%- for group, content in groups.items() %}
        {{ filled_count(content.columns) }} as {{ group }}_filled_count,
        {{ filled_count(group_columns(content)) }} > 0 as has_{{ group }},
        {%- endfor %}
        dense_rank() over (
            partition by links.customer_id order by states.valid_from desc nulls last
        ) as recency_rank,
        dense_rank() over (
            partition by links.customer_id order by states.valid_from nulls last
        ) as earliest_rank,
        row_number() over (
            partition by links.customer_id
            order by
                states.valid_from desc nulls last,
                states.source_name asc nulls last,
                states.source_record_id asc nulls last
        ) as tie_rank
    from states
    inner join links
        on
            states.source_name = links.source_name
            and states.source_record_id = links.source_record_id
    where links.record_count > 1
),

final as (
    -- Within a customer the order of two states never depends on the moment; so each
    -- state has its place once, and the winner of a moment is the lowest that holds.
    select
        {%- for group, content in groups.items() %}
        concat(
            case when {{ group }}_filled_count > 0 then '0' else '1' end,
            {%- for slot in slots %}
            {{ sortable("case " ~ group ~ "_rule_" ~ slot ~ "
                when 'verified' then " ~ (
                    "case when " ~ content.verified ~ " is null then 1 else 0 end"
                    if content.verified else "0"
                ) ~ "
                when 'reliability' then reliability_rank
                when 'recency' then recency_rank
                when 'earliest' then earliest_rank
                when 'completeness' then 99 - " ~ group ~ "_filled_count
                else 0
            end") }},
            {%- endfor %}
            {{ sortable('tie_rank') }}
        ) as {{ group }}_place,
        contested.has_{{ group }},
        {%- endfor %}
        contested.{{ columns | join(',\n        contested.') }}
    from contested
    cross join policy
)

select * from final
