{%- set counts = [
    'compared_count', 'agreed_count', 'contradicted_count', 'verified_count',
    'failed_count',
] -%}

with findings as (
    select * from {{ ref('int_source__findings') }}
),

contact_events as (
    select * from {{ ref('int_contact_point__events') }}
),

loads as (
    select * from {{ ref('int_source__loads') }}
),

policies as (
    select * from {{ ref('reliability_policy') }}
),

proofs as (
    select * from {{ ref('reliability_evidence') }}
),

ranked_events as (
    select
        *,
        row_number() over (
            partition by
                source_name,
                source_record_id,
                attribute_group,
                contact_point_key,
                event_type
            order by load_id asc nulls last, happened_at desc nulls last
        ) as news_rank
    from contact_events
),

first_events as (
    -- A point that answers every week proves its source right once, as of the day that
    -- was told first: what is told later does not change what was known before.
    select *
    from ranked_events
    where news_rank = 1
),

changes as (
    -- What is no longer held, because a link or a value was taken back, is taken off.
    {%- for moment, sign in {'known_from': 1, 'known_to': -1}.items() %}
    select
        source_name,
        attribute_group,
        {{ moment }} as known_at,
        stated_on as happened_on,
        {{ sign }} * comparison_weight * right_share as right_amount,
        {{ sign }} * comparison_weight * (1 - right_share) as wrong_amount,
        {{ sign }} as compared_count,
        {{ sign }} * cast(has_agreed as integer) as agreed_count,
        {{ sign }} * cast(was_contradicted as integer) as contradicted_count,
        0 as verified_count,
        0 as failed_count
    from findings
    union all
    {%- endfor %}
    select
        first_events.source_name,
        first_events.attribute_group,
        loads.known_at,
        cast(first_events.happened_at as date) as happened_on,
        cast(proofs.is_right as integer) * proofs.evidence_weight as right_amount,
        cast(not proofs.is_right as integer) * proofs.evidence_weight as wrong_amount,
        0 as compared_count,
        0 as agreed_count,
        0 as contradicted_count,
        cast(proofs.is_right as integer) as verified_count,
        cast(not proofs.is_right as integer) as failed_count
    from first_events
    inner join proofs on first_events.event_type = proofs.event_type
    inner join loads on first_events.load_id = loads.load_id
),

weighed as (
    -- Seen from a fixed day, the weight of what happened doubles with every half-life;
    -- so sums may be added up once, and be seen from any later day by one factor.
    select
        changes.*,
        pow(
            cast(2 as double),
            cast({{ dbt.datediff("date '2020-01-01'", 'changes.happened_on', 'day') }} as double)
            / nullif(cast(policies.half_life_days as double), 0)
        ) as age_factor
    from changes
    inner join policies on changes.attribute_group = policies.attribute_group
    where changes.known_at < timestamp '9999-12-31'
),

final as (
    select
        source_name,
        attribute_group,
        known_at,
        cast(sum(cast(right_amount * age_factor as decimal(38, 12))) as decimal(38, 12))
            as right_amount,
        cast(sum(cast(wrong_amount * age_factor as decimal(38, 12))) as decimal(38, 12))
            as wrong_amount,
        {%- for count in counts %}
        cast(sum({{ count }}) as bigint) as {{ count }}{{ "," if not loop.last }}
        {%- endfor %}
    from weighed
    group by source_name, attribute_group, known_at
)

select * from final
