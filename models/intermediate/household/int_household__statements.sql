{{ config(materialized='view') }}

with stays as (
    select * from {{ ref('int_household__stays') }}
),

roles as (
    select * from {{ ref('int_household__roles') }}
),

final as (
    select
        anchor * 10000000000 + seniority as place,
        anchor,
        seniority,
        dwelling_key,
        geography_key,
        formed_by,
        case formed_by
            when 'own_address' then 1
            when 'address' then 2
            when 'family_name' then 3
            when 'phone' then 4
            else 5
        end as formed_by_rank,
        case when anchor = seniority then 'head' else 'member' end as member_role,
        case when anchor = seniority then 20 else 30 end as role_rank,
        false as is_minor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from stays
    union all
    select
        anchor * 10000000000 + seniority as place,
        anchor,
        seniority,
        cast(null as varchar) as dwelling_key,
        cast(null as varchar) as geography_key,
        cast(null as varchar) as formed_by,
        9 as formed_by_rank,
        member_role,
        role_rank,
        is_minor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from roles
)

select * from final
