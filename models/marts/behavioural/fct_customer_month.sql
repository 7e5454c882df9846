{%- set key, reads = ['customer_id'], reads_of_customer_months() -%}
{{ config(**built_by_keys(key, reads)) }}

{%- set amounts = ['gross', 'discount', 'net', 'cost', 'margin'] %}
{%- set counts = [
    'purchase_count', 'purchase_line_count', 'return_line_count', 'exposure_count',
    'answer_count', 'contact_count', 'call_count', 'complaint_count', 'usage_count',
] %}

with sums as (
    select * from {{ ref('int_customer_month__sums') }}
),

business_dates as (
    select * from {{ ref('int_source__business_date') }}
),

customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

behaviours as (
    select * from {{ ref('dim_customer_behaviour') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

{%- for rows in ['sums', 'behaviours', 'customer_versions'] %}
touched_{{ rows }} as (
    {{ rows_of_touched_keys(rows, key) }}
),
{% endfor %}
spans as (
    select
        customer_id,
        min(month_start) as first_month,
        min(first_purchase_date) as first_purchase_date
    from touched_sums
    group by customer_id
),

months as (
    -- Every month from the first on, whether something was done in it or not.
    select
        spans.*,
        dates.calendar_date as month_start,
        {{ end_of_local_day(dbt.last_day('dates.calendar_date', 'month')) }} as ended_at
    from spans
    inner join dates on spans.first_month <= dates.calendar_date
    inner join business_dates on dates.calendar_date <= business_dates.business_date
    where dates.day_number = 1
),

final as (
    select
        -- keys
        months.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        behaviours.customer_behaviour_key,
        {{ date_key('months.month_start') }} as month_key,
        {{ date_key(first_of_period('month', 'months.first_purchase_date')) }}
            as first_purchase_month_key,

        -- attributes
        behaviours.activity_state_code,
        {{ company_currency() }} as currency_code,

        -- flags
        coalesce(sums.purchase_count > 0, false) as has_bought,

        -- measures
        {%- for count in counts %}
        coalesce(sums.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        {%- for amount in amounts %}
        case when sums.has_traded then sums.company_{{ amount }}_amount else 0 end
            as company_{{ amount }}_amount,
        {%- endfor %}
        cast(coalesce(sum(sums.purchase_count) over so_far, 0) as integer)
            as purchase_count_to_date,
        cast(coalesce(sum(sums.company_net_amount) over so_far, 0) as decimal(18, 4))
            as company_net_amount_to_date
    from months
    inner join touched_behaviours as behaviours
        on
            months.customer_id = behaviours.customer_id
            and months.ended_at >= behaviours.valid_from
            and months.ended_at < behaviours.valid_to
    left join touched_customer_versions as customer_versions
        on
            months.customer_id = customer_versions.customer_id
            and months.ended_at > customer_versions.valid_from
            and months.ended_at <= customer_versions.valid_to
    left join touched_sums as sums
        on
            months.customer_id = sums.customer_id
            and months.month_start = sums.month_start
    window
        so_far as (
            partition by months.customer_id
            order by months.month_start nulls last
            rows between unbounded preceding and current row
        )
)

select * from final
