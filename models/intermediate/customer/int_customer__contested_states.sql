{%- set groups = party_attributes() -%}
{%- set slots = [1, 2, 3, 4] -%}

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
        {%- set outer = loop %}
        {%- for slot in slots %}
        max(rule_{{ slot }}) filter (where attribute_group = '{{ group }}')
            as {{ group }}_rule_{{ slot }}
        {{- "," if not (loop.last and outer.last) }}
        {%- endfor %}
        {%- endfor %}
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
        {{ dbt.datediff("timestamp '1900-01-01'", "states.valid_from", "second") }}
            as valid_from_second
    from states
    inner join links
        on states.source_name = links.source_name
        and states.source_record_id = links.source_record_id
    where links.record_count > 1
),

final as (
    -- Within a customer the order of two states never depends on the moment; so each
    -- state is ranked once, and the winner of a moment is the lowest rank that holds.
    select
        contested.*,
        {%- for group, content in groups.items() %}
        row_number() over (
            partition by customer_id
            order by
                case when {{ group }}_filled_count > 0 then 0 else 1 end nulls last,
                {%- for slot in slots %}
                case {{ group }}_rule_{{ slot }}
                    when 'verified' then
                        {%- if content.verified %}
                        case when {{ content.verified }} is null then 1 else 0 end
                        {%- else %} 0 {%- endif %}
                    when 'reliability' then reliability_rank
                    when 'recency' then -valid_from_second
                    when 'earliest' then valid_from_second
                    when 'completeness' then -{{ group }}_filled_count
                end nulls last,
                {%- endfor %}
                valid_from desc nulls last,
                source_name nulls last,
                source_record_id nulls last
        ) as {{ group }}_rank
        {{- "," if not loop.last }}
        {%- endfor %}
    from contested
    cross join policy
)

select * from final
