{%- set grain = [
    'region_place_code', 'party_kind', 'customer_state', 'activity_state_code',
] -%}

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_customer_base(grain),
    post_hook=after_customer_base(),
) }}

with customers as (
    select * from {{ ref('dim_customer') }}
),

behaviours as (
    select * from {{ ref('dim_customer_behaviour') }}
),

places as (
    select * from {{ ref('dim_geography') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

loads as (
    select * from {{ ref('dim_load') }}
),

monthly as (
    {%- if is_incremental() %}
    select * from {{ moves_now(this) }}
    {%- else %}
    {{ customer_moves('customers', 'behaviours', 'places', grain) }}
    {%- endif %}
),

months as (
    select dates.calendar_date as month_start
    from dates
    inner join loads on dates.calendar_date <= loads.business_date
    where
        dates.day_number = 1
        and {{ in_touched_period('month', 'dates.calendar_date', onward=true) }}
    group by dates.calendar_date
),

final as (
    select
        -- keys
        cast(months.month_start as {{ dbt.type_string() }}) as month_key,
        monthly.{{ grain | join(',\n        monthly.') }},

        -- measures
        cast(sum(monthly.customer_change) as bigint) as customer_count
    from monthly
    inner join months on monthly.month_start <= months.month_start
    group by months.month_start, monthly.{{ grain | join(', monthly.') }}
    having sum(monthly.customer_change) > 0
)

select * from final
