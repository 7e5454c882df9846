with assignments as (
    select * from {{ ref('fct_experiment_assignment') }}
),

sales as (
    select * from {{ ref('fct_sale') }}
),

touches as (
    select * from {{ ref('fct_campaign_touch') }}
),

counted as (
    select
        *,
        bool_or(campaign_key <> '_unknown') over (
            partition by source_key, experiment_code
        ) as has_campaign
    from assignments
    where is_counted
),

bought as (
    select
        counted.experiment_assignment_key,
        bool_or(not sales.is_return) as has_bought,
        sum(sales.company_net_amount) as net_amount
    from counted
    inner join sales
        on
            counted.customer_id = sales.customer_id
            and sales.ordered_at >= counted.assigned_at
            and sales.ordered_at < counted.ends_at
    group by counted.experiment_assignment_key
),

answered as (
    select counted.experiment_assignment_key
    from counted
    inner join touches
        on
            counted.customer_id = touches.customer_id
            and counted.campaign_key = touches.campaign_key
            and counted.campaign_key <> '_unknown'
            and touches.first_response_at >= counted.assigned_at
            and touches.first_response_at < counted.ends_at
    group by counted.experiment_assignment_key
),

outcomes as (
    select
        counted.*,
        case when bought.has_bought then 1 else 0 end as purchase,
        coalesce(bought.net_amount, 0) as revenue,
        case when answered.experiment_assignment_key is null then 0 else 1 end
            as response
    from counted
    left join bought
        on counted.experiment_assignment_key = bought.experiment_assignment_key
    left join answered
        on counted.experiment_assignment_key = answered.experiment_assignment_key
),

measured as (
    {%- for metric in ['purchase', 'response', 'revenue'] %}
    select
        *,
        '{{ metric }}' as metric_code,
        {{ 'false' if metric == 'revenue' else 'true' }} as is_share,
        cast({{ metric }} as decimal(18, 4)) as outcome_value
    from outcomes
    {{ "where has_campaign" if metric == 'response' }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        -- keys
        source_key,
        experiment_code,
        variant_code,
        metric_code,

        -- flags
        bool_or(is_control) as is_control,
        bool_or(is_share) as is_share,

        -- measures
        cast(max(planned_share_pct) as decimal(9, 4)) as planned_share_pct,
        cast(count(*) as bigint) as customer_count,
        cast(sum(outcome_value) as decimal(38, 4)) as value_sum,
        cast(sum({{ wide('outcome_value') }} * outcome_value) as decimal(38, 8))
            as value_square_sum,

        -- timestamps
        min(assigned_at) as first_assigned_at,
        max(ends_at) as ends_at
    from measured
    group by source_key, experiment_code, variant_code, metric_code
)

select * from final
