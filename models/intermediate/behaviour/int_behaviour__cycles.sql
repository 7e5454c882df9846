{{ config(materialized='view') }}

with strategies as (
    select * from {{ ref('int_customer__strategies') }}
),

business_dates as (
    select * from {{ ref('int_source__business_date') }}
),

purchase_strategies as (
    {{ policy('purchase_strategy', 'code', ['code', 'cycle_days']) }}
),

states as (
    {{ policy('activity_state', 'code', ['code', 'after_cycles']) }}
),

longest as (
    select max(cycle_days) as cycle_days
    from purchase_strategies
),

waits as (
    select
        max(after_cycles) filter (where code = 'at_risk') as at_risk_cycles,
        max(after_cycles) filter (where code = 'inactive') as inactive_cycles,
        max(after_cycles) filter (where code = 'lost') as lost_cycles
    from states
),

cycles as (
    -- Whose strategy no dictionary knows is given the longest time.
    select
        strategies.customer_id,
        coalesce(strategies.purchase_cycle_days, longest.cycle_days)
            as purchase_cycle_days
    from strategies
    cross join longest
    union all
    select
        '_unknown' as customer_id,
        cast(null as integer) as purchase_cycle_days
),

final as (
    select
        cycles.customer_id,
        cycles.purchase_cycle_days,
        {%- for state in ['at_risk', 'inactive', 'lost'] %}
        cast(floor(cycles.purchase_cycle_days * waits.{{ state }}_cycles) as integer)
            as {{ state }}_days,
        {%- endfor %}
        business_dates.business_date
    from cycles
    cross join waits
    cross join business_dates
)

select * from final
