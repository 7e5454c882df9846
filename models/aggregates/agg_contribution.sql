{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_contribution(),
    post_hook=after_touched_periods(),
) }}

with targets as (
    select * from {{ ref('fct_target') }}
),

standing as (
    select * from {{ ref('fct_customer_standing') }}
),

actions as (
    {{ policy(
        'contribution_action', 'activity_state_code', ['code', 'activity_state_code']
    ) }}
),

scopes as (
    select distinct scope_code from targets
),

latest as (
    select
        customer_id,
        max_by(activity_state_code, as_of_date) as activity_state_code
    from standing
    inner join scopes on standing.customer_id = scopes.scope_code
    group by customer_id
),

summed as (
    select
        time_level,
        period_start,
        metric_code,
        target_scope as scope_level,
        scope_code,
        sum(company_target_amount) as target_amount,
        sum(company_target_amount * passed_day_count / nullif(day_count, 0))
            as due_amount,
        max(reached_amount) as reached_amount
    from targets
    where
        company_target_amount is not null
        and passed_day_count > 0
        and not (target_scope = 'customer' and scope_code = '_unknown')
        and {{ in_touched_period('day', 'period_start') }}
    group by time_level, period_start, metric_code, target_scope, scope_code
),

compared as (
    select
        *,
        cast(100 * reached_amount / nullif(due_amount, 0) as decimal(18, 2))
            as attainment_pct,
        max(reached_amount) filter (where scope_level = 'company') over (
            partition by time_level, period_start, metric_code
        ) as company_amount
    from summed
),

final as (
    select
        -- keys
        compared.time_level,
        compared.period_start,
        compared.metric_code,
        compared.scope_level,
        compared.scope_code,

        -- attributes
        case
            when compared.attainment_pct < {{ low_attainment_pct() }}
                then actions.code
        end as suggested_action_code,

        -- flags
        coalesce(compared.attainment_pct < {{ low_attainment_pct() }}, false)
            as is_low,

        -- measures
        cast(compared.target_amount as decimal(18, 2)) as target_amount,
        cast(compared.due_amount as decimal(18, 2)) as due_amount,
        compared.reached_amount,
        compared.attainment_pct,
        cast(
            100 * compared.reached_amount / nullif(compared.company_amount, 0)
            as decimal(9, 4)
        ) as contribution_pct
    from compared
    left join latest
        on
            compared.scope_level = 'customer'
            and compared.scope_code = latest.customer_id
    left join actions on latest.activity_state_code = actions.activity_state_code
)

select * from final
