{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_customers('int_behaviour__states'),
    post_hook=after_touched_customers('int_behaviour__states'),
) }}

{%- set counts = [
    'purchase_count', 'purchase_line_count', 'return_line_count', 'exposure_count',
    'answer_count', 'contact_count', 'call_count', 'complaint_count', 'usage_count',
] %}

with states as (
    select * from {{ ref('int_behaviour__states') }}
),

days as (
    select * from {{ ref('int_behaviour__days') }}
),

touched as (
    {{ touched_customers('states') }}
),

final as (
    select
        days.customer_id,
        {{ first_of_period('month', 'days.behaviour_date') }} as month_start,
        {%- for count in counts %}
        cast(sum(days.{{ count }}) as integer) as {{ count }},
        {%- endfor %}
        {%- for amount in ['gross', 'discount', 'net', 'cost', 'margin'] %}
        cast(sum(days.company_{{ amount }}_amount) as decimal(18, 4))
            as company_{{ amount }}_amount,
        {%- endfor %}
        sum(days.purchase_line_count + days.return_line_count) > 0 as has_traded,
        min(case when days.purchase_count > 0 then days.behaviour_date end)
            as first_purchase_date
    from days
    inner join touched on days.customer_id = touched.customer_id
    group by days.customer_id, {{ first_of_period('month', 'days.behaviour_date') }}
)

select * from final
