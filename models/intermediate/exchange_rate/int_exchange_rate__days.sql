{{ config(**made_whole_with_journal(['currency_code', 'calendar_date'])) }}

with ranges as (
    select * from {{ ref('int_exchange_rate__ranges') }}
),

days as (
    {{ date_series(first_calendar_date(), last_calendar_date()) }}
),

into_company as (
    select
        from_currency_code as currency_code,
        exchange_rate,
        valid_from,
        valid_to,
        1 as preference
    from ranges
    where to_currency_code = {{ company_currency() }}
    union all
    select
        to_currency_code as currency_code,
        cast(1 / nullif(exchange_rate, 0) as decimal(18, 8)) as exchange_rate,
        valid_from,
        valid_to,
        2 as preference
    from ranges
    where from_currency_code = {{ company_currency() }}
),

numbered as (
    select
        days.calendar_date,
        into_company.currency_code,
        into_company.exchange_rate,
        row_number() over (
            partition by into_company.currency_code, days.calendar_date
            order by
                into_company.valid_from desc nulls last,
                into_company.preference asc nulls last
        ) as rank_of_day
    from into_company
    inner join days
        on
            into_company.valid_from <= days.calendar_date
            and into_company.valid_to > days.calendar_date
    where into_company.currency_code <> {{ company_currency() }}
),

final as (
    select
        currency_code,
        calendar_date,
        exchange_rate
    from numbered
    where rank_of_day = 1
)

select * from final
