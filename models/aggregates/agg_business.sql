{%- set told = business_page() -%}
{%- set beside = [] -%}
{%- for fact, date_key, metrics in told.values() -%}
    {%- do beside.append({'fact': fact, 'date_key': date_key, 'metrics': metrics}) -%}
{%- endfor -%}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_periods(
        'fct_target', 'period_date_key',
        ['target_scope', 'time_level', 'metric_code', 'company_target_amount'],
        beside=beside, levels=['month'], period_start='month_key', apart=[0, 1, 12],
    ),
    post_hook=after_touched_periods(),
) }}

with targets as (
    select * from {{ ref('fct_target') }}
),
{% for rows, (fact, date_key, metrics) in told.items() %}
{{ rows }} as (
    select * from {{ ref(fact) }}
),
{% endfor %}
{%- for rows, (fact, date_key, metrics) in told.items() %}
{{ rows }}_by_month as (
    select
        {{ month_of_key(date_key) }} as month_key,
        {%- for name in metrics %}
        {{ metric(name) }} as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ rows }}
    -- A built month stands beside the one before and that of a year before.
    where {{ is_of_touched_period(
        'month', date_key, apart=[0, 1, 12, -1, 11, -12, -11]
    ) }}
    group by {{ month_of_key(date_key) }}
),
{% endfor %}
stacked as (
    {%- for rows, (fact, date_key, metrics) in told.items() %}
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
        sum(company_target_amount) as aimed_amount
    from targets
    where
        target_scope = 'company'
        and time_level = 'month'
        and company_target_amount is not null
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
        cast(aims.aimed_amount as decimal(18, 2)) as target_amount
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
    where
        stacked.metric_value is not null
        and {{ in_touched_period(
            'month', date_of_key('stacked.month_key'), apart=[0, 1, 12]
        ) }}
)

select * from final
