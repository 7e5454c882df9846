{%- set membership = [
    'household_id', 'customer_id', 'seniority', 'member_role', 'is_minor',
] -%}
{%- set key = ['household_id'] -%}
{%- set reads = [
    {'keys_of': 'int_household__members', 'columns': ['household_id']},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with members as (
    select * from {{ ref('int_household__members') }}
),

touched as (
    {{ rows_of_touched_keys('members', key) }}
),

current_members as (
    select
        {{ membership | join(',\n        ') }},
        dwelling_key,
        geography_key,
        case when dwelling_key is not null then seniority end as resident_seniority,
        valid_from,
        valid_to,
        timestamp '1900-01-01' as known_from,
        known_to
    from touched
    where known_to = timestamp '9999-12-31'
),

{{ joined_rectangles('current_members', 'household_id', membership) }},

turns as (
    select
        household_id,
        valid_from as turned_at
    from current_members_joined
    union distinct
    select
        household_id,
        valid_to as turned_at
    from current_members_joined
),

moments as (
    select
        household_id,
        turned_at as moment
    from turns
    union distinct
    select
        household_id,
        valid_from as moment
    from current_members
),

cells as (
    select
        household_id,
        moment as valid_from,
        lead(moment) over (
            partition by household_id order by moment nulls first
        ) as valid_to
    from moments
),

turns_and_homes as (
    select
        cells.household_id,
        turns.household_id is not null as is_turn,
        cells.valid_from,
        cells.valid_to
    from cells
    left join turns
        on
            cells.household_id = turns.household_id
            and cells.valid_from = turns.turned_at
),

final as (
    -- A home is that of the member longest known who lives there by an address.
    select
        turns_and_homes.household_id,
        turns_and_homes.is_turn,
        turns_and_homes.valid_from,
        turns_and_homes.valid_to,
        count(*) as member_count,
        count_if(current_members.is_minor) as children_count,
        min_by(current_members.dwelling_key, current_members.resident_seniority)
            as dwelling_key,
        min_by(current_members.geography_key, current_members.resident_seniority)
            as geography_key
    from turns_and_homes
    inner join current_members
        on
            turns_and_homes.household_id = current_members.household_id
            and turns_and_homes.valid_from >= current_members.valid_from
            and turns_and_homes.valid_from < current_members.valid_to
    group by
        turns_and_homes.household_id, turns_and_homes.is_turn,
        turns_and_homes.valid_from, turns_and_homes.valid_to
)

select * from final
