with results as (
    select * from {{ source('scores', 'experiment_result') }}
),

policy as (
    select * from {{ ref('experiment_policy') }}
),

assignments as (
    select * from {{ ref('fct_experiment_assignment') }}
),

business_date as (
    select * from {{ ref('int_source__business_date') }}
),

experiments as (
    select
        source_key,
        experiment_code,
        min(assigned_at) as first_assigned_at,
        max(ends_at) as ends_at
    from assignments
    group by source_key, experiment_code
),

judged as (
    select
        results.*,
        experiments.first_assigned_at,
        experiments.ends_at,
        experiments.ends_at <= cast(business_date.business_date as timestamp)
            as is_final,
        results.sample_ratio_p_value >= policy.sample_ratio_alpha
            as is_sample_ratio_as_planned,
        results.adjusted_p_value < 1 - policy.confidence_level as is_significant
    from results
    inner join experiments
        on
            results.source_name = experiments.source_key
            and results.experiment_code = experiments.experiment_code
    cross join policy
    cross join business_date
),

final as (
    select
        -- keys
        source_name as source_key,
        experiment_code,
        variant_code,
        control_variant_code,
        metric_code,
        {{ date_key(local_date('first_assigned_at')) }} as starts_date_key,
        {{ date_key(local_date('ends_at')) }} as ends_date_key,

        -- attributes
        case
            when not is_sample_ratio_as_planned then 'not_to_be_trusted'
            when is_significant is null then 'too_few'
            when not is_significant then 'no_difference'
            when difference > 0 then 'higher'
            else 'lower'
        end as verdict,

        -- flags
        is_final,
        is_sample_ratio_as_planned,
        is_significant,

        -- measures
        customer_count,
        control_customer_count,
        variant_value,
        control_value,
        difference,
        difference_lower,
        difference_upper,
        cast(
            round(100 * difference / nullif(control_value, 0), 4) as decimal(18, 4)
        ) as difference_pct,
        p_value,
        adjusted_p_value,
        sample_ratio_p_value
    from judged
)

select * from final
