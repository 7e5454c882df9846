{{ config(**made_whole_with_journal(['birth_date'])) }}

with residents as (
    select * from {{ ref('int_household__residents') }}
),

delivered as (
    select * from {{ ref('input_party') }}
),

birth_dates as (
    select distinct birth_date
    from residents
    where birth_date is not null
),

birthdays as (
    select
        birth_date,
        {{ dbt.dateadd('year', 18, 'birth_date') }} as of_age_at
    from birth_dates
),

business_dates as (
    select
        cast(delivered_on as timestamp) as day_at,
        min(known_at) as known_at
    from delivered
    group by delivered_on
),

days as (
    select
        cast(of_age_at as timestamp) as day_at,
        birth_date,
        cast(null as timestamp) as known_at
    from birthdays
    union all
    select
        day_at,
        cast(null as date) as birth_date,
        known_at
    from business_dates
),

reached as (
    -- Coming of age is known with the first delivery of that day or of a later one.
    select
        birth_date,
        day_at,
        min(known_at) over (
            order by day_at desc nulls last
            range between unbounded preceding and current row
        ) as known_at
    from days
),

final as (
    select
        birth_date,
        day_at as of_age_at,
        coalesce(known_at, timestamp '9999-12-31') as known_of_age_from
    from reached
    where birth_date is not null
)

select * from final
