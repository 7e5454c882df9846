{%- set grain = [
    'region_place_code', 'party_kind', 'customer_state', 'activity_state_code',
] -%}

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

activities as (
    select
        customer_id,
        activity_state_code,
        activity_state_since_date,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from behaviours
    group by customer_id, activity_state_code, activity_state_since_date
),

stays as (
    -- A customer counts from the month in which it was first seen.
    select
        places.region_place_code,
        customers.party_kind,
        case
            when customers.is_deleted then 'deleted'
            when customers.is_prospect then 'prospect'
            else 'customer'
        end as customer_state,
        activities.activity_state_code,
        greatest(
            customers.valid_from, customers.first_seen_at, activities.valid_from
        ) as stay_from,
        least(customers.valid_to, activities.valid_to) as stay_to
    from customers
    inner join places on customers.geography_key = places.geography_key
    inner join activities
        on
            customers.customer_id = activities.customer_id
            and activities.valid_from < customers.valid_to
            and activities.valid_to > customers.valid_from
            and activities.valid_to > customers.first_seen_at
    where
        customers.customer_id <> '_unknown'
        and customers.first_seen_at < customers.valid_to
),

changes as (
    {%- for moment, change in [('stay_from', 1), ('stay_to', -1)] %}
    select
        greatest(
            cast({{ dbt.date_trunc('month', local_date(moment)) }} as date),
            {{ first_calendar_date() }}
        ) as month_start,
        {{ grain | join(',\n        ') }},
        {{ change }} as customer_change
    from stays
    where stay_from < stay_to and {{ moment }} < timestamp '9999-12-31'
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

monthly as (
    select
        month_start,
        {{ grain | join(',\n        ') }},
        sum(customer_change) as customer_change
    from changes
    group by month_start, {{ grain | join(', ') }}
),

months as (
    select dates.calendar_date as month_start
    from dates
    inner join loads on dates.calendar_date <= loads.business_date
    where dates.day_number = 1
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
