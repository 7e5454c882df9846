{%- set groups = party_attributes() -%}
{%- set slots = [1, 2, 3, 4] -%}

with statements as (
    select * from {{ ref('int_customer__statements') }}
),

state_history as (
    select * from {{ ref('int_party__state_history') }}
),

policies as (
    select * from {{ ref('survivorship_policy') }}
),

contested as (
    select
        customer_id,
        statement_number,
        source_name,
        source_record_id,
        valid_from,
        stated_from,
        dense_rank() over (
            partition by customer_id order by valid_from desc nulls last
        ) as recency_rank,
        dense_rank() over (
            partition by customer_id order by valid_from nulls last
        ) as earliest_rank
    from statements
    where statement_count > 1
),

stated as (
    -- A group that says nothing does not stand; companions alone stand behind others.
    select
        contested.customer_id,
        contested.statement_number,
        contested.source_name,
        contested.recency_rank,
        contested.earliest_rank,
        policies.attribute_group,
        {%- for slot in slots %}
        policies.rule_{{ slot }},
        {%- endfor %}
        case policies.attribute_group
            {%- for group, content in groups.items() %}
            when '{{ group }}' then {{ filled_count(content.columns) }}
            {%- endfor %}
        end as filled_count,
        case policies.attribute_group
            {%- for group, content in groups.items() %}
            when '{{ group }}' then {{ filled_count(group_columns(content)) }}
            {%- endfor %}
        end as stated_count,
        case policies.attribute_group
            {%- for group, content in groups.items() if content.verified %}
            when '{{ group }}'
                then case when {{ content.verified }} is null then 1 else 0 end
            {%- endfor %}
            else 0
        end as unproven_count,
        case policies.attribute_group
            {%- for group, content in groups.items() %}
            when '{{ group }}'
                then {{ surrogate_key(group_columns(content)) }}
            {%- endfor %}
        end as value_hash
    from contested
    inner join state_history
        on
            contested.source_name = state_history.source_name
            and contested.source_record_id = state_history.source_record_id
            and contested.valid_from = state_history.valid_from
            and contested.stated_from = state_history.known_from
    cross join policies
),

final as (
    -- How many records agree, and the rank of the source, are put in later: both are
    -- those of the moment.
    select
        stated.customer_id,
        stated.statement_number,
        stated.attribute_group,
        stated.value_hash,
        concat(
            case when stated.filled_count > 0 then '0' else '1' end,
            {%- for slot in slots %}
            case stated.rule_{{ slot }}
                when 'majority' then '{{ agreement_mark() }}'
                when 'reliability' then '{{ rank_mark() }}'
                else {{ sortable("case stated.rule_" ~ slot ~ "
                    when 'verified' then stated.unproven_count
                    when 'recency' then stated.recency_rank
                    when 'earliest' then stated.earliest_rank
                    when 'completeness' then 99 - stated.filled_count
                    else 0
                end") }}
            end,
            {%- endfor %}
            {{ sortable('stated.statement_number') }}
        ) as place,
        'majority' in (
            {%- for slot in slots %}
            stated.rule_{{ slot }}{{ "," if not loop.last }}
            {%- endfor %}
        ) as is_counted
    from stated
    where stated.stated_count > 0
)

select * from final
