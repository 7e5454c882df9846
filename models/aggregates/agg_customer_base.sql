with customers as (
    select * from {{ ref('dim_customer') }}
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

stays as (
    -- A customer counts from the month in which it was first seen.
    select
        customers.customer_id,
        places.region_place_code,
        customers.party_kind,
        case
            when customers.is_deleted then 'deleted'
            when customers.is_prospect then 'prospect'
            else 'customer'
        end as customer_state,
        greatest(customers.valid_from, customers.first_seen_at) as stay_from,
        customers.valid_to as stay_to
    from customers
    inner join places on customers.geography_key = places.geography_key
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
        region_place_code,
        party_kind,
        customer_state,
        {{ change }} as customer_change
    from stays
    where {{ moment }} < timestamp '9999-12-31'
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

monthly as (
    select
        month_start,
        region_place_code,
        party_kind,
        customer_state,
        sum(customer_change) as customer_change
    from changes
    group by month_start, region_place_code, party_kind, customer_state
),

spans as (
    select
        region_place_code,
        party_kind,
        customer_state,
        min(month_start) as first_month
    from monthly
    group by region_place_code, party_kind, customer_state
),

months as (
    select dates.calendar_date as month_start
    from dates
    inner join loads on dates.calendar_date <= loads.business_date
    where dates.day_number = 1
    group by dates.calendar_date
),

filled as (
    select
        months.month_start,
        spans.region_place_code,
        spans.party_kind,
        spans.customer_state,
        coalesce(monthly.customer_change, 0) as customer_change
    from spans
    inner join months on spans.first_month <= months.month_start
    left join monthly
        on
            months.month_start = monthly.month_start
            and spans.region_place_code = monthly.region_place_code
            and spans.party_kind = monthly.party_kind
            and spans.customer_state = monthly.customer_state
),

final as (
    select
        -- keys
        cast(month_start as {{ dbt.type_string() }}) as month_key,
        region_place_code,
        party_kind,
        customer_state,

        -- measures
        cast(
            sum(customer_change) over (
                partition by region_place_code, party_kind, customer_state
                order by month_start nulls first
                rows between unbounded preceding and current row
            ) as bigint
        ) as customer_count
    from filled
)

select * from final
