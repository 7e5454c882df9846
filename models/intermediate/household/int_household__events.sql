with members as (
    select * from {{ ref('int_household__members') }}
),

versions as (
    select * from {{ ref('int_household__versions') }}
),

births as (
    select * from {{ ref('int_household__births') }}
),

current_members as (
    select
        household_id,
        customer_id,
        valid_from,
        valid_to,
        timestamp '1900-01-01' as known_from,
        known_to
    from members
    where known_to = timestamp '9999-12-31'
),

{{ joined_rectangles('current_members', 'customer_id', [
    'household_id', 'customer_id',
]) }},

stays as (
    select
        household_id,
        customer_id,
        valid_from,
        valid_to,
        min(valid_from) over (partition by household_id) as began_at,
        max(valid_to) over (partition by household_id) as ended_at
    from current_members_joined
),

comings as (
    select
        stays.household_id,
        stays.customer_id,
        stays.valid_from as happened_at,
        case
            when stays.valid_from = stays.began_at then 'formed'
            when births.customer_id is not null then 'birth'
            else 'joined'
        end as event_type,
        min(left_stays.household_id) as other_household_id
    from stays
    left join births
        on
            stays.household_id = births.household_id
            and stays.customer_id = births.customer_id
            and stays.valid_from = births.born_at
    left join stays as left_stays
        on
            stays.customer_id = left_stays.customer_id
            and stays.valid_from = left_stays.valid_to
    group by
        stays.household_id, stays.customer_id, stays.valid_from, stays.began_at,
        births.customer_id
),

goings as (
    select
        stays.household_id,
        stays.customer_id,
        stays.valid_to as happened_at,
        case
            when stays.valid_to = stays.ended_at then 'ended'
            when bool_or(coalesce(new_stays.began_at = stays.valid_to, false))
                then 'split'
            else 'left'
        end as event_type,
        min(new_stays.household_id) as other_household_id
    from stays
    left join stays as new_stays
        on
            stays.customer_id = new_stays.customer_id
            and stays.valid_to = new_stays.valid_from
    where stays.valid_to < timestamp '9999-12-31'
    group by stays.household_id, stays.customer_id, stays.valid_to, stays.ended_at
),

homes as (
    select
        *,
        lag(dwelling_key) over (
            partition by household_id order by valid_from nulls first
        ) as previous_dwelling_key
    from versions
),

final as (
    select * from comings
    union all
    select * from goings
    union all
    select
        household_id,
        cast(null as varchar) as customer_id,
        valid_from as happened_at,
        'moved' as event_type,
        cast(null as varchar) as other_household_id
    from homes
    where previous_dwelling_key <> dwelling_key
)

select * from final
