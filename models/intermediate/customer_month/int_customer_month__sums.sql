{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_behaviour__days'}] -%}
{{ config(**built_by_keys(key, reads)) }}

{%- set counts = [
    'purchase_count', 'purchase_line_count', 'return_line_count', 'exposure_count',
    'answer_count', 'contact_count', 'call_count', 'complaint_count', 'usage_count',
] %}

with days as (
    select * from {{ ref('int_behaviour__days') }}
),

touched as (
    {{ rows_of_touched_keys('days', key) }}
),

final as (
    select
        customer_id,
        {{ first_of_period('month', 'behaviour_date') }} as month_start,
        {%- for count in counts %}
        cast(sum({{ count }}) as integer) as {{ count }},
        {%- endfor %}
        {%- for amount in ['gross', 'discount', 'net', 'cost', 'margin'] %}
        cast(sum(company_{{ amount }}_amount) as decimal(18, 4))
            as company_{{ amount }}_amount,
        {%- endfor %}
        sum(purchase_line_count + return_line_count) > 0 as has_traded,
        min(case when purchase_count > 0 then behaviour_date end)
            as first_purchase_date
    from touched
    group by customer_id, {{ first_of_period('month', 'behaviour_date') }}
)

select * from final
