{%- set carried = [
    'seniority', 'customer_id', 'birth_date', 'locality_key', 'phone_key',
    'mobile_key', 'postcode_standard', 'geography_key',
] -%}
{%- set key = ['home_key'] -%}
{%- set reads = [{'keys_of': 'int_household__dwellers'}] -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with dwellers as (
    select * from {{ ref('int_household__dwellers') }}
),

policy as (
    select * from {{ ref('household_policy') }}
),

limits as (
    select
        max(case when formed_by = 'address' then person_limit end) as by_address,
        max(case when formed_by = 'family_name' then person_limit end) as by_family
    from policy
),

touched as (
    {{ rows_of_touched_keys('dwellers', key) }}
),

limited as (
    select
        touched.*,
        limits.by_address,
        limits.by_family
    from touched
    cross join limits
),

sharers as (
    -- An address that held too many at once is no home, not even for the last of them.
    select *
    from limited
    where most_at_once > 1 and most_at_once <= by_family
),

{{ known_slabs('sharers', 'dwelling_key') }},

{{ valid_cells('sharers', 'dwelling_key', carried + ['family_key', 'by_address']) }},

counted as (
    select
        *,
        count(*) over at_address as address_count,
        min(seniority) over at_address as first_at_address,
        count(*) over in_family as family_count,
        min(seniority) over in_family as first_in_family
    from sharers_in_cells
    window
        at_address as (partition by dwelling_key, known_from, valid_from),
        in_family as (
            partition by
                dwelling_key, coalesce(family_key, customer_id), known_from, valid_from
        )
),

placed as (
    select
        {{ carried | join(',\n        ') }},
        dwelling_key,
        case
            when address_count <= by_address then first_at_address
            else first_in_family
        end as anchor,
        case
            when address_count = 1 then 'own_address'
            when address_count <= by_address then 'address'
            when family_count = 1 then 'own_address'
            else 'family_name'
        end as formed_by,
        valid_from,
        valid_to,
        known_from,
        known_to
    from counted
    union all
    select
        {{ carried | join(',\n        ') }},
        dwelling_key,
        case when most_at_once = 1 then seniority end as anchor,
        case when most_at_once = 1 then 'own_address' else 'none' end as formed_by,
        valid_from,
        valid_to,
        known_from,
        known_to
    from limited
    where most_at_once < 2 or most_at_once > by_family
),

{{ joined_rectangles(
    'placed', 'seniority', carried + ['dwelling_key', 'anchor', 'formed_by']
) }},

final as (
    select
        *,
        coalesce(dwelling_key, customer_id) as home_key
    from placed_joined
)

select * from final
