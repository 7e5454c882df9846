{%- set key = ['customer_id'] -%}
{%- set reads = [{'loads_of': 'link_change', 'source': 'identity', 'via': '
    select customer_id from changed
    union all
    select previous_customer_id as customer_id
    from changed
    where previous_customer_id is not null
'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with link_changes as (
    select * from {{ source('identity', 'link_change') }}
),

arrivals as (
    select
        load_id,
        customer_id,
        max(known_at) as known_at,
        max(cause) as change_cause,
        count(*) as arrival_count,
        count_if(previous_customer_id is not null) as moved_in_count,
        min(previous_customer_id) as came_from_customer_id
    from ({{ rows_of_touched_keys('link_changes', key) }}) as link_changes
    group by load_id, customer_id
),

departure_targets as (
    select
        load_id,
        previous_customer_id as customer_id,
        customer_id as went_to_customer_id,
        max(known_at) as known_at,
        max(cause) as change_cause,
        count(*) as departure_count
    from (
        {{ rows_of_touched_keys('link_changes', key, ['previous_customer_id']) }}
    ) as link_changes
    where previous_customer_id is not null
    group by load_id, previous_customer_id, customer_id
),

ranked_targets as (
    select
        *,
        row_number() over (
            partition by load_id, customer_id
            order by departure_count desc nulls last, went_to_customer_id asc nulls last
        ) as target_rank,
        sum(departure_count) over (partition by load_id, customer_id)
            as total_departure_count
    from departure_targets
),

movements as (
    select
        coalesce(arrivals.load_id, departures.load_id) as load_id,
        coalesce(arrivals.customer_id, departures.customer_id) as customer_id,
        coalesce(arrivals.known_at, departures.known_at) as known_at,
        coalesce(arrivals.change_cause, departures.change_cause) as change_cause,
        coalesce(arrivals.arrival_count, 0) = coalesce(arrivals.moved_in_count, 0)
            as has_only_moved_in,
        arrivals.came_from_customer_id,
        departures.went_to_customer_id,
        coalesce(arrivals.arrival_count, 0)
        - coalesce(departures.total_departure_count, 0) as record_count_change
    from arrivals
    full outer join ranked_targets as departures
        on
            arrivals.load_id = departures.load_id
            and arrivals.customer_id = departures.customer_id
    where coalesce(departures.target_rank, 1) = 1
),

counted as (
    select
        *,
        sum(record_count_change) over (
            partition by customer_id
            order by load_id nulls first
            rows between unbounded preceding and current row
        ) as record_count,
        row_number() over (
            partition by customer_id
            order by load_id nulls first
        ) as movement_number
    from movements
),

final as (
    select
        {{ surrogate_key(['load_id', 'customer_id']) }} as identity_change_key,
        load_id,
        case
            when change_cause = 'model' then 'rule'
            when record_count = 0 then 'merged'
            when movement_number > 1 then 'undone'
            when has_only_moved_in then 'split'
            else 'new'
        end as change_type,
        change_cause,
        customer_id,
        case
            when record_count = 0 then went_to_customer_id
            when has_only_moved_in then came_from_customer_id
        end as other_customer_id,
        case when record_count = 0 then -1 else 1 end as customer_count_change,
        known_at
    from counted
    where
        (record_count = 0 and record_count_change < 0)
        or (record_count > 0 and record_count = record_count_change)
)

select * from final
