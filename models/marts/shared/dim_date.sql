{%- set fiscal_start = var('company').get('fiscal_year_start_month', 1) -%}

with days as (
    {{ date_series(first_calendar_date(), last_calendar_date()) }}
),

numbered as (
    select
        calendar_date,
        {{ weekday_number('calendar_date') }} as weekday_number,
        cast(extract(year from calendar_date) as integer) as calendar_year,
        cast(extract(month from calendar_date) as integer) as month_number
    from days
),

counted as (
    select
        *,
        (month_number - {{ fiscal_start }} + 12) % 12 + 1 as fiscal_month_number,
        case
            when {{ fiscal_start }} > 1 and month_number >= {{ fiscal_start }}
                then calendar_year + 1
            else calendar_year
        end as fiscal_year,
        {{ dbt.dateadd("day", "4 - weekday_number", "calendar_date") }}
            as thursday_date
    from numbered
),

members as (
    select
        cast(calendar_date as {{ dbt.type_string() }}) as date_key,
        calendar_date,
        calendar_year,
        cast(extract(quarter from calendar_date) as integer) as quarter_number,
        month_number,
        cast(extract(day from calendar_date) as integer) as day_number,
        cast(extract(year from thursday_date) as integer) as iso_year,
        cast(extract(week from calendar_date) as integer) as iso_week_number,
        cast(weekday_number as integer) as weekday_number,
        fiscal_year,
        (fiscal_month_number + 2) / 3 as fiscal_quarter_number,
        fiscal_month_number,
        weekday_number >= 6 as is_weekend
    from counted
    union all
    select
        '_unknown' as date_key,
        null as calendar_date,
        null as calendar_year,
        null as quarter_number,
        null as month_number,
        null as day_number,
        null as iso_year,
        null as iso_week_number,
        null as weekday_number,
        null as fiscal_year,
        null as fiscal_quarter_number,
        null as fiscal_month_number,
        null as is_weekend
),

final as (
    select
        -- keys
        date_key,

        -- attributes
        calendar_year,
        quarter_number,
        month_number,
        day_number,
        iso_year,
        iso_week_number,
        weekday_number,
        cast(fiscal_year as integer) as fiscal_year,
        cast(floor(fiscal_quarter_number) as integer) as fiscal_quarter_number,
        cast(fiscal_month_number as integer) as fiscal_month_number,

        -- flags
        is_weekend,

        -- dates
        calendar_date
    from members
)

select * from final
