{%- set kinds = ['compared', 'agreed', 'contradicted', 'verified', 'failed'] -%}
{%- set z = '1.96' -%}

with evidence as (
    select * from {{ ref('int_source__evidence') }}
),

loads as (
    select * from {{ ref('int_source__loads') }}
),

contracts as (
    select * from {{ ref('int_source__contracts') }}
),

policies as (
    select * from {{ ref('reliability_policy') }}
),

measured_at as (
    select distinct known_at
    from evidence
),

measured_loads as (
    select loads.*
    from loads
    inner join measured_at on loads.known_at = measured_at.known_at
),

summed as (
    select
        contracts.source_name,
        policies.attribute_group,
        measured_loads.load_id,
        measured_loads.known_at,
        contracts.reliability_rank as prior_rank,
        contracts.prior_mean,
        contracts.prior_strength,
        pow(
            cast(2 as double),
            cast({{ dbt.datediff('measured_loads.latest_date', "date '2020-01-01'", 'day') }} as double)
            / nullif(cast(policies.half_life_days as double), 0)
        ) as age_factor,
        {%- for amount in ['right_amount', 'wrong_amount'] %}
        cast(sum(coalesce(evidence.{{ amount }}, 0)) over history as double)
            as {{ amount }},
        {%- endfor %}
        {%- for kind in kinds %}
        cast(sum(coalesce(evidence.{{ kind }}_count, 0)) over history as bigint)
            as {{ kind }}_count,
        {%- endfor %}
        evidence.source_name is not null as has_news
    from contracts
    cross join policies
    cross join measured_loads
    left join evidence
        on
            contracts.source_name = evidence.source_name
            and policies.attribute_group = evidence.attribute_group
            and measured_loads.known_at = evidence.known_at
    window
        history as (
            partition by contracts.source_name, policies.attribute_group
            order by measured_loads.known_at nulls first
            rows between unbounded preceding and current row
        )
),

estimated as (
    select
        *,
        prior_strength + (right_amount + wrong_amount) * age_factor as all_count,
        (prior_mean * prior_strength + right_amount * age_factor)
        / nullif(all_count, 0) as mean,
        1 + {{ z }} * {{ z }} / nullif(all_count, 0) as widening
    from summed
),

bounded as (
    -- Wilson's interval of a share of `all_count`, of which the prior is a part.
    select
        *,
        (mean + {{ z }} * {{ z }} / nullif(2 * all_count, 0)) / nullif(widening, 0)
            as centre,
        {{ z }} * sqrt(
            mean * (1 - mean) / nullif(all_count, 0)
            + {{ z }} * {{ z }} / nullif(4 * all_count * all_count, 0)
        ) / nullif(widening, 0) as half_width
    from estimated
),

final as (
    -- Sources within one hundredth of each other are held apart by their channels alone:
    -- chance shall not move the winners of a night.
    select
        source_name,
        attribute_group,
        load_id,
        known_at,
        cast(round(mean, 6) as decimal(9, 6)) as reliability,
        cast(round(centre - half_width, 6) as decimal(9, 6)) as reliability_lower,
        cast(round(centre + half_width, 6) as decimal(9, 6)) as reliability_upper,
        cast(
            dense_rank() over (
                partition by attribute_group, load_id
                order by
                    round(cast(round(mean, 6) as decimal(9, 6)), 2) desc nulls last,
                    prior_rank asc nulls last
            ) as integer
        ) as reliability_rank,
        {{ kinds | join('_count,\n        ') }}_count,
        cast(round(all_count - prior_strength, 6) as decimal(18, 6)) as evidence_amount,
        has_news
    from bounded
)

select * from final
