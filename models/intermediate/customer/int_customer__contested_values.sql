{%- set groups = party_attributes() -%}
{%- set slots = [1, 2, 3, 4] -%}
{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_customer__statements'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with all_statements as (
    select * from {{ ref('int_customer__statements') }}
),

state_history as (
    select * from {{ ref('int_party__state_history') }}
),

policies as (
    select * from {{ ref('survivorship_policy') }}
),

statements as (
    {{ rows_of_touched_keys('all_statements', key) }}
),

contested as (
    select
        statements.customer_id,
        statements.statement_number,
        dense_rank() over (
            partition by statements.customer_id
            order by statements.valid_from desc nulls last
        ) as recency_rank,
        dense_rank() over (
            partition by statements.customer_id
            order by statements.valid_from nulls last
        ) as earliest_rank,
        state_history.{{ party_columns() | join(',\n        state_history.') }}
    from statements
    inner join state_history
        on
            statements.source_name = state_history.source_name
            and statements.source_record_id = state_history.source_record_id
            and statements.valid_from = state_history.valid_from
            and statements.stated_from = state_history.known_from
    where statements.statement_count > 1
),

stated as (
    -- A group that says nothing does not stand; companions alone stand behind others.
    {%- for group, content in groups.items() %}
    select
        customer_id,
        statement_number,
        recency_rank,
        earliest_rank,
        '{{ group }}' as attribute_group,
        {{ filled_count(content.columns) }} as filled_count,
        {% if content.verified -%}
        case when {{ content.verified }} is null then 1 else 0 end
        {%- else -%} 0 {%- endif %} as unproven_count,
        {{ surrogate_key(group_columns(content)) }} as value_hash
    from contested
    where {{ filled_count(group_columns(content)) }} > 0
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

valued as (
    -- A value is known by the number of the first statement that holds it.
    select
        *,
        min(statement_number) over (
            partition by customer_id, attribute_group, value_hash
        ) as value_number
    from stated
),

final as (
    -- How many records agree, and the rank of the source, are put in later: both are
    -- those of the moment.
    select
        valued.customer_id,
        valued.statement_number,
        valued.attribute_group,
        valued.value_number,
        min(valued.value_number) over customer_group
        < max(valued.value_number) over customer_group as is_disputed,
        concat(
            case when valued.filled_count > 0 then '0' else '1' end,
            {%- for slot in slots %}
            case policies.rule_{{ slot }}
                when 'majority' then '{{ agreement_mark() }}'
                when 'reliability' then '{{ rank_mark() }}'
                else {{ sortable("case policies.rule_" ~ slot ~ "
                    when 'verified' then valued.unproven_count
                    when 'recency' then valued.recency_rank
                    when 'earliest' then valued.earliest_rank
                    when 'completeness' then 99 - valued.filled_count
                    else 0
                end") }}
            end,
            {%- endfor %}
            {{ sortable('valued.statement_number') }}
        ) as place,
        'majority' in (
            {%- for slot in slots %}
            policies.rule_{{ slot }}{{ "," if not loop.last }}
            {%- endfor %}
        ) as is_counted
    from valued
    inner join policies on valued.attribute_group = policies.attribute_group
    window customer_group as (
        partition by valued.customer_id, valued.attribute_group
    )
)

select * from final
