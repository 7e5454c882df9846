with source as (
    select * from {{ source('treasury', 'rates') }}
),

renamed as (
    select
        {{ delivery_columns('treasury') }},

        -- keys
        concat_ws('-', currency, rate_date) as exchange_rate_record_id,
        {{ typed('treasury', 'rates', 'currency') }} as from_currency_code,
        'CNY' as to_currency_code,

        -- measures
        {{ typed('treasury', 'rates', 'yuan') }} as exchange_rate,

        -- dates
        {{ typed('treasury', 'rates', 'rate_date') }} as rate_date
    from source
)

select * from renamed
