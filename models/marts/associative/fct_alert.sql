{%- set alert_types = ['contact', 'purchase'] -%}

with customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

silences as (
    select * from {{ ref('int_customer__silences') }}
),

business_dates as (
    select * from {{ ref('int_source__business_date') }}
),
{% for alert_type in alert_types %}
{{ alert_type }}_strategies as (
    {{ policy(alert_type ~ '_strategy', 'code', ['code', 'cycle_days']) }}
),
{% endfor %}
expectations as (
    -- A prospect owes nothing, and who is gone is not called on.
    {%- for alert_type in alert_types %}
    select
        customer_versions.customer_id,
        customer_versions.customer_key,
        '{{ alert_type }}' as alert_type,
        {{ alert_type }}_strategies.code as strategy_code,
        {{ alert_type }}_strategies.cycle_days,
        {{ local_date('customer_versions.valid_from') }} as held_from,
        {{ local_date('customer_versions.valid_to') }} as held_to
    from customer_versions
    inner join {{ alert_type }}_strategies
        on
            customer_versions.{{ alert_type }}_strategy_code
            = {{ alert_type }}_strategies.code
    where not customer_versions.is_prospect and not customer_versions.is_deleted
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

expected as (
    select
        expectations.*,
        business_dates.business_date,
        cast(
            {{ dbt.dateadd('day', 'expectations.cycle_days', 'silences.silent_from') }}
            as date
        ) as due_date,
        greatest(
            cast({{ dbt.dateadd(
                'day', 'expectations.cycle_days + 1', 'silences.silent_from'
            ) }} as date),
            expectations.held_from,
            business_dates.first_business_date
        ) as overdue_from,
        least(
            coalesce(silences.silent_to, expectations.held_to), expectations.held_to
        ) as overdue_to
    from silences
    inner join expectations
        on
            silences.customer_id = expectations.customer_id
            and silences.encounter_type = expectations.alert_type
    cross join business_dates
),

overdue as (
    -- No alert was up before the first night. A strategy changed and changed back within
    -- one silence was never changed.
    select
        customer_id,
        alert_type,
        strategy_code,
        due_date,
        min(overdue_from) as raised_on,
        max(overdue_to) as overdue_to,
        min_by(customer_key, overdue_from) as customer_key,
        max(business_date) as business_date
    from expected
    where overdue_from < overdue_to and overdue_from <= business_date
    group by customer_id, alert_type, strategy_code, due_date
),

alerts as (
    select
        *,
        case when overdue_to <= business_date then overdue_to end as cleared_on
    from overdue
),

final as (
    select
        -- keys
        {{ surrogate_key(['customer_id', 'alert_type', 'strategy_code', 'due_date']) }}
            as alert_key,
        customer_id,
        customer_key,
        {{ date_key('due_date') }} as due_date_key,
        {{ date_key('raised_on') }} as raised_date_key,
        {{ date_key('cleared_on') }} as cleared_date_key,

        -- attributes
        alert_type,
        strategy_code,

        -- measures
        cast(
            {{ dbt.datediff('due_date', 'coalesce(cleared_on, business_date)', 'day') }}
            as integer
        ) as days_overdue,

        -- dates
        due_date,
        raised_on,
        cleared_on
    from alerts
)

select * from final
