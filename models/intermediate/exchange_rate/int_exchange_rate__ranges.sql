with delivered as (
    select * from {{ ref('input_exchange_rate') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source_name, exchange_rate_record_id
            order by
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last
        ) as recency
    from delivered
),

ranked as (
    -- Of two sources for one day, the first by name: neither order nor time decides.
    select
        *,
        row_number() over (
            partition by from_currency_code, to_currency_code, rate_date
            order by source_name nulls last, exchange_rate_record_id nulls last
        ) as rank_of_day
    from numbered
    where
        recency = 1
        and not is_deleted
        and exchange_rate > 0
        and rate_date is not null
),

final as (
    select
        {{ surrogate_key(['from_currency_code', 'to_currency_code', 'rate_date']) }}
            as exchange_rate_key,
        source_name,
        load_id,
        from_currency_code,
        to_currency_code,
        exchange_rate,
        rate_date as valid_from,
        lead(rate_date, 1, date '9999-12-31') over (
            partition by from_currency_code, to_currency_code
            order by rate_date nulls first
        ) as valid_to
    from ranked
    where rank_of_day = 1
)

select * from final
