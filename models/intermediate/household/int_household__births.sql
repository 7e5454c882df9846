{%- set key = ['household_id'] -%}
{%- set reads = [
    {'keys_of': 'int_household__members', 'columns': ['household_id']},
    {'keys_of': 'int_household__residents', 'via': households_of_changed_customers()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with members as (
    select * from {{ ref('int_household__members') }}
),

residents as (
    select * from {{ ref('int_household__residents') }}
),

comings_of_age as (
    select * from {{ ref('int_household__comings_of_age') }}
),

touched as (
    {{ rows_of_touched_keys('members', key) }}
),

current_members as (
    select
        household_id,
        customer_id,
        valid_from,
        valid_to
    from touched
    where known_to = timestamp '9999-12-31'
),

current_persons as (
    select customer_id
    from current_members
    group by customer_id
),

births as (
    select distinct
        residents.customer_id,
        cast(residents.birth_date as timestamp) as born_at,
        comings_of_age.of_age_at
    from residents
    inner join current_persons on residents.customer_id = current_persons.customer_id
    inner join comings_of_age on residents.birth_date = comings_of_age.birth_date
    where residents.known_to = timestamp '9999-12-31'
),

newborns as (
    select
        current_members.household_id,
        current_members.customer_id,
        births.born_at
    from current_members
    inner join births
        on
            current_members.customer_id = births.customer_id
            and current_members.valid_from = births.born_at
),

adults as (
    select
        current_members.household_id,
        current_members.customer_id,
        greatest(current_members.valid_from, max(births.of_age_at)) as adult_from,
        current_members.valid_to
    from current_members
    inner join births on current_members.customer_id = births.customer_id
    group by
        current_members.household_id, current_members.customer_id,
        current_members.valid_from, current_members.valid_to
),

final as (
    -- Who has no grown-up at home by then was not born into the household: of two
    -- spouses the later born lived elsewhere, as nobody tells.
    select distinct
        newborns.household_id,
        newborns.customer_id,
        newborns.born_at
    from newborns
    inner join adults
        on
            newborns.household_id = adults.household_id
            and newborns.born_at >= adults.adult_from
            and newborns.born_at < adults.valid_to
)

select * from final
