{%- set reads = [
    'customer_id', 'first_purchase_month_key', 'month_key', 'has_bought',
    'purchase_count', 'company_net_amount',
] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_periods(
        'fct_customer_month', 'first_purchase_month_key', reads,
        levels=['month'], period_start='cohort_start',
    ),
    post_hook=after_touched_periods(),
) }}

with customer_months as (
    select * from {{ ref('fct_customer_month') }}
),

since as (
    select
        *,
        {{ date_of_key('first_purchase_month_key') }} as cohort_start,
        {{ date_of_key('month_key') }} as period_start
    from customer_months
    where
        first_purchase_month_key <> '_unknown'
        and first_purchase_month_key <= month_key
        and {{ is_of_touched_period('month', 'first_purchase_month_key') }}
),

final as (
    select
        -- keys
        cohort_start,
        cast(
            {{ dbt.datediff('cohort_start', 'period_start', 'month') }}
            as integer
        ) as months_since,
        period_start,
        {{ company_currency() }} as currency_code,

        -- measures
        {{ metric('cohort_customers') }} as customer_count,
        {{ metric('retained_customers') }} as retained_count,
        {{ metric('retention_pct') }} as retention_pct,
        cast(sum(purchase_count) as bigint) as purchase_count,
        cast(sum(company_net_amount) as decimal(18, 4)) as company_net_amount
    from since
    group by cohort_start, period_start
)

select * from final
