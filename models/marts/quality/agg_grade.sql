{%- set told = [
    'source_key', 'part_type', 'part_code', 'worst_entity_name',
    'worst_attribute_name', 'label_en', 'label_zh', 'next_step_en', 'next_step_zh',
    'worst_pct', 'failed_error_count', 'failed_warning_count',
] | join(', ') -%}

with parts as (
    select * from {{ ref('fct_grade_part') }}
),

grades as (
    {{ policy('grade_bound', 'grade', ['grade', 'lower_pct']) }}
),

bounds as (
    select
        grade,
        lower_pct,
        lead(lower_pct) over (order by lower_pct nulls last) as upper_pct
    from grades
),

spread as (
    select
        measured_on, subject_type, subject_name, subject_name as worst_subject_name,
        {{ told }}, points_lost, worst_points_lost
    from parts
    union all
    select
        measured_on, 'whole' as subject_type, '_all' as subject_name,
        subject_name as worst_subject_name, {{ told }},
        cast(points_lost * whole_share_pct / 100 as decimal(18, 8)) as points_lost,
        cast(worst_points_lost * whole_share_pct / 100 as decimal(18, 8))
            as worst_points_lost
    from parts
),

ranked as (
    select
        *,
        cast(sum(points_lost) over each_subject as decimal(9, 4)) as all_points_lost,
        sum(failed_error_count) over each_subject as all_error_count,
        sum(failed_warning_count) over each_subject as all_warning_count,
        row_number() over (
            partition by measured_on, subject_type, subject_name
            order by
                worst_points_lost desc nulls last,
                worst_subject_name asc nulls last,
                part_code asc nulls last
        ) as cost_rank
    from spread
    window
        each_subject as (partition by measured_on, subject_type, subject_name)
),

scored as (
    select
        *,
        greatest(0, 100 - all_points_lost) as score,
        worst_points_lost > 0 as has_cause
    from ranked
    where cost_rank = 1
),

graded as (
    select
        scored.*,
        bounds.grade
    from scored
    left join bounds
        on
            scored.score >= bounds.lower_pct
            and (scored.score < bounds.upper_pct or bounds.upper_pct is null)
),

final as (
    select
        -- keys
        {{ surrogate_key(['subject_type', 'subject_name', 'measured_on']) }}
            as grade_key,
        case when subject_type = 'whole' then '_unknown' else source_key end
            as source_key,
        {{ date_key('measured_on') }} as measured_date_key,

        -- attributes
        subject_type,
        subject_name,
        grade,
        case when has_cause then worst_subject_name end as worst_subject_name,
        case when has_cause then part_code end as worst_code,
        case when has_cause then worst_entity_name end as worst_entity_name,
        case when has_cause then worst_attribute_name end as worst_attribute_name,
        case when has_cause then label_en end as worst_label_en,
        case when has_cause then label_zh end as worst_label_zh,
        case when has_cause then next_step_en end as next_step_en,
        case when has_cause then next_step_zh end as next_step_zh,

        -- measures
        cast(score as decimal(9, 4)) as score,
        cast(
            score - lag(score) over (
                partition by subject_type, subject_name
                order by measured_on nulls last
            ) as decimal(9, 4)
        ) as score_change,
        cast(worst_points_lost as decimal(9, 4)) as worst_points_lost,
        case when has_cause then worst_pct end as worst_pct,
        cast(all_error_count as bigint) as failed_error_count,
        cast(all_warning_count as bigint) as failed_warning_count,

        -- dates
        measured_on
    from graded
)

select * from final
