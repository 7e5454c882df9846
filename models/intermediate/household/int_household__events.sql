{%- set key = ['household_id'] -%}
{%- set reads = [
    {'keys_of': 'int_household__members', 'via': households_of_changed_customers()},
    {'keys_of': 'int_household__stretches', 'via': households_near_changed_ones()},
    {'keys_of': 'int_household__births'},
    {'keys_of': 'int_household__versions'},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with stretches as (
    select * from {{ ref('int_household__stretches') }}
),

versions as (
    select * from {{ ref('int_household__versions') }}
),

births as (
    select * from {{ ref('int_household__births') }}
),

stays as (
    {{ rows_of_touched_keys('stretches', key) }}
),

touched_versions as (
    {{ rows_of_touched_keys('versions', key) }}
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
    left join stretches as left_stays
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
    left join stretches as new_stays
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
    from touched_versions
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
