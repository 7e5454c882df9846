with measures as (
    select * from {{ ref('fct_quality_measure') }}
),

results as (
    select * from {{ ref('fct_check_result') }}
),

weights as (
    {{ policy('quality_measure', 'measure_code', [
        'measure_code', 'weight', 'label_en', 'label_zh',
        'next_step_en', 'next_step_zh',
    ]) }}
),

expected as (
    {{ policy('expected_attribute', ['entity_name', 'attribute_name'], [
        'entity_name', 'attribute_name', 'is_expected',
    ]) }}
),

steps as (
    {{ policy('check_next_step', ['stage', 'severity'], [
        'stage', 'severity', 'label_en', 'label_zh', 'next_step_en', 'next_step_zh',
    ]) }}
),

rules as (
    {{ policy('grade_policy', 'rule_code', ['rule_code', 'rule_value']) }}
),

{{ measure_parts() }},

{{ check_parts() }},

{{ graded_parts() }},

told_parts as (
    select
        shared_parts.*,
        coalesce(weights.label_en, steps.label_en) as label_en,
        coalesce(weights.label_zh, steps.label_zh) as label_zh,
        coalesce(
            weights.next_step_en, shared_parts.worst_next_step, steps.next_step_en
        ) as next_step_en,
        coalesce(weights.next_step_zh, steps.next_step_zh) as next_step_zh
    from shared_parts
    left join weights
        on
            shared_parts.part_code = weights.measure_code
            and shared_parts.part_type = 'measure'
    left join steps
        on
            shared_parts.worst_stage = steps.stage
            and shared_parts.worst_severity = steps.severity
),

final as (
    select
        -- keys
        {{ surrogate_key([
            'subject_type', 'subject_name', 'part_type', 'part_code', 'night_on',
        ]) }} as grade_part_key,
        case when subject_type = 'source' then subject_name else '_unknown' end
            as source_key,
        {{ date_key('night_on') }} as measured_date_key,

        -- attributes
        subject_type,
        subject_name,
        part_type,
        part_code,
        label_en,
        label_zh,
        worst_entity_name,
        worst_attribute_name,
        worst_stage,
        worst_severity,
        next_step_en,
        next_step_zh,

        -- measures
        cast(part_count as bigint) as part_count,
        cast(rows_checked as bigint) as rows_checked,
        cast(failed_error_count as bigint) as failed_error_count,
        cast(failed_warning_count as bigint) as failed_warning_count,
        cast(part_pct as decimal(9, 4)) as part_pct,
        cast(worst_pct as decimal(9, 4)) as worst_pct,
        cast(points_lost as decimal(9, 4)) as points_lost,
        cast(worst_points_lost as decimal(9, 4)) as worst_points_lost,
        cast(whole_share_pct as decimal(9, 4)) as whole_share_pct,

        -- dates
        night_on as measured_on
    from told_parts
)

select * from final
