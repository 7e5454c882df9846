{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_household__seniorities'},
    {'keys_of': 'int_household__residences', 'columns': ['customer_id']},
    {'keys_of': 'int_household__shelters', 'via': customers_of_changed_seniorities()},
    {'keys_of': 'int_household__comings_of_age', 'via': customers_of_changed_birth_dates()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with residences as (
    select * from {{ ref('int_household__residences') }}
),

shelters as (
    select * from {{ ref('int_household__shelters') }}
),

comings_of_age as (
    select * from {{ ref('int_household__comings_of_age') }}
),

touched as (
    {{ rows_of_touched_keys('residences', key) }}
),

declared as (
    select
        shelters.anchor,
        touched.seniority,
        touched.customer_id,
        touched.birth_date,
        {{ shared_rectangle('shelters', 'touched') }}
    from shelters
    inner join touched
        on
            shelters.seniority = touched.seniority
            and {{ rectangles_overlap('shelters', 'touched') }}
),

stays as (
    select
        anchor,
        seniority,
        customer_id,
        birth_date,
        dwelling_key,
        geography_key,
        formed_by,
        valid_from,
        valid_to,
        known_from,
        known_to
    from touched
    where anchor is not null
    union all
    select
        anchor,
        seniority,
        customer_id,
        birth_date,
        cast(null as varchar) as dwelling_key,
        cast(null as varchar) as geography_key,
        'declared' as formed_by,
        valid_from,
        valid_to,
        known_from,
        known_to
    from declared
),

final as (
    -- Nobody lives anywhere before being born. Nobody is of age before the day came.
    select
        stays.anchor,
        stays.seniority,
        stays.customer_id,
        stays.dwelling_key,
        stays.geography_key,
        stays.formed_by,
        coalesce(comings_of_age.of_age_at, timestamp '1900-01-01') as of_age_at,
        coalesce(comings_of_age.known_of_age_from, timestamp '1900-01-01')
            as known_of_age_from,
        greatest(
            stays.valid_from,
            coalesce(cast(stays.birth_date as timestamp), timestamp '1900-01-01')
        ) as valid_from,
        stays.valid_to,
        stays.known_from,
        stays.known_to
    from stays
    left join comings_of_age on stays.birth_date = comings_of_age.birth_date
    where
        stays.birth_date is null
        or stays.valid_to > cast(stays.birth_date as timestamp)
)

select * from final
