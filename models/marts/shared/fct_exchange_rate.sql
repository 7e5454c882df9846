with ranges as (
    select * from {{ ref('int_exchange_rate__ranges') }}
),

final as (
    select
        -- keys
        exchange_rate_key,
        from_currency_code,
        to_currency_code,
        {{ date_key('valid_from') }} as rate_date_key,
        source_name as source_key,
        cast(load_id as {{ dbt.type_string() }}) as load_key,

        -- measures
        exchange_rate,

        -- dates
        valid_from,
        valid_to
    from ranges
)

select * from final
