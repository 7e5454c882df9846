{%- set told = {
    'sales': ['ordered_date_key', [
        'revenue', 'discount_rate_pct', 'cost', 'margin', 'margin_rate_pct', 'orders',
        'average_order', 'buyers', 'return_rate_pct',
    ]],
    'visits': ['started_date_key', ['visits', 'signed_in_visits', 'carts_left_rate_pct']],
    'contacts': ['started_date_key', [
        'contacts', 'complaint_contacts', 'answered_rate_pct', 'solved_rate_pct',
    ]],
    'usages': ['started_date_key', ['usages']],
    'touches': ['touched_date_key', ['exposures', 'response_rate_pct']],
    'answers': ['answered_date_key', ['nps', 'csat_pct']],
    'customer_months': ['month_key', ['retention_pct']],
    'standing': ['month_key', [
        'customers_at_month_end', 'prospects_at_month_end', 'active_at_month_end',
        'active_at_month_end_pct', 'lost_at_month_end',
    ]],
} -%}

with sales as (
    select * from {{ ref('fct_sale') }}
),

visits as (
    select * from {{ ref('fct_web_session') }}
),

contacts as (
    select * from {{ ref('fct_service_contact') }}
),

usages as (
    select * from {{ ref('fct_service_usage') }}
),

touches as (
    select * from {{ ref('fct_campaign_touch') }}
),

answers as (
    select * from {{ ref('fct_survey_answer') }}
),

customer_months as (
    select * from {{ ref('fct_customer_month') }}
),

standing as (
    select * from {{ ref('fct_customer_standing') }}
),

targets as (
    select * from {{ ref('fct_target') }}
),
{% for rows, (date_key, metrics) in told.items() %}
{{ rows }}_by_month as (
    select
        {{ month_of_key(date_key) }} as month_key,
        {%- for name in metrics %}
        {{ metric(name) }} as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ rows }}
    group by {{ month_of_key(date_key) }}
),
{% endfor %}
stacked as (
    {%- for rows, (date_key, metrics) in told.items() %}
    {%- for name in metrics %}
    select
        month_key,
        '{{ name }}' as metric_code,
        cast({{ name }} as decimal(18, 4)) as metric_value
    from {{ rows }}_by_month
    {{ "union all" if not (loop.last and rows == told | list | last) }}
    {%- endfor %}
    {%- endfor %}
),

aims as (
    select
        {{ date_key('period_start') }} as month_key,
        metric_code,
        sum(target_amount) as target_amount
    from targets
    where
        target_scope = 'company'
        and time_level = 'month'
        and currency_code = {{ company_currency() }}
    group by {{ date_key('period_start') }}, metric_code
),

final as (
    select
        -- keys
        stacked.month_key,
        stacked.metric_code,

        -- measures
        stacked.metric_value,
        month_before.metric_value as month_before_value,
        year_before.metric_value as year_before_value,
        cast(aims.target_amount as decimal(18, 2)) as target_amount
    from stacked
    inner join standing_by_month on stacked.month_key = standing_by_month.month_key
    {%- for earlier, count in {'month_before': -1, 'year_before': -12}.items() %}
    left join stacked as {{ earlier }}
        on
            stacked.metric_code = {{ earlier }}.metric_code
            and {{ earlier }}.month_key = cast(cast({{ dbt.dateadd(
                'month', count, 'cast(stacked.month_key as date)'
            ) }} as date) as {{ dbt.type_string() }})
    {%- endfor %}
    left join aims
        on
            stacked.month_key = aims.month_key
            and stacked.metric_code = aims.metric_code
    where stacked.metric_value is not null
)

select * from final
