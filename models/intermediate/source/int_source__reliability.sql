{%- set key = ['source_name', 'attribute_group', 'known_from'] -%}
{{ config(**made_whole_with_journal(key, told=key + ['reliability_rank'])) }}

{%- set figures = [
    'reliability', 'reliability_lower', 'reliability_upper', 'compared_count',
    'agreed_count', 'contradicted_count', 'verified_count', 'failed_count',
    'evidence_amount',
] -%}

with history as (
    select * from {{ ref('int_source__reliability_history') }}
),

contracts as (
    select * from {{ ref('int_source__contracts') }}
),

policies as (
    select * from {{ ref('reliability_policy') }}
),

measured as (
    -- Before the first measure, and without any, the channel alone tells.
    select
        source_name,
        attribute_group,
        known_at,
        reliability_rank,
        {{ figures | join(',\n        ') }}
    from history
    union all
    select
        contracts.source_name,
        policies.attribute_group,
        timestamp '1900-01-01' as known_at,
        cast(
            dense_rank() over (
                partition by policies.attribute_group
                order by
                    round(contracts.prior_mean, 2) desc nulls last,
                    contracts.reliability_rank asc nulls last
            ) as integer
        ) as reliability_rank,
        contracts.prior_mean as reliability,
        contracts.prior_mean as reliability_lower,
        contracts.prior_mean as reliability_upper,
        0 as compared_count,
        0 as agreed_count,
        0 as contradicted_count,
        0 as verified_count,
        0 as failed_count,
        0 as evidence_amount
    from contracts
    cross join policies
),

compared as (
    select
        *,
        coalesce(
            reliability_rank <> lag(reliability_rank) over (
                partition by source_name, attribute_group
                order by known_at nulls first
            ), false
        ) as has_moved
    from measured
),

stretches as (
    select
        *,
        count_if(has_moved) over (
            partition by source_name, attribute_group
            order by known_at nulls first
            rows between unbounded preceding and current row
        ) as stretch_number
    from compared
),

ranges as (
    -- The figures of a range are those it ended with: of the open one, today's.
    select
        source_name,
        attribute_group,
        stretch_number,
        max(reliability_rank) as reliability_rank,
        {%- for figure in figures %}
        max_by({{ figure }}, known_at) as {{ figure }},
        {%- endfor %}
        min(known_at) as known_from
    from stretches
    group by source_name, attribute_group, stretch_number
),

final as (
    select
        source_name,
        attribute_group,
        reliability_rank,
        {{ figures | join(',\n        ') }},
        known_from,
        lead(known_from, 1, timestamp '9999-12-31') over (
            partition by source_name, attribute_group order by known_from nulls first
        ) as known_to
    from ranges
)

select * from final
