with source as (
    select * from {{ source('planning', 'targets') }}
),

renamed as (
    select
        {{ delivery_columns('planning') }},

        -- keys
        {{ typed('planning', 'targets', 'target_number') }} as target_record_id,
        'crm' as party_source_name,
        {{ typed('planning', 'targets', 'account_number') }} as party_record_id,

        -- attributes
        {{ typed('planning', 'targets', 'scope') }} as target_scope,
        {{ typed('planning', 'targets', 'category') }} as customer_category_code,
        {{ typed('planning', 'targets', 'metric') }} as metric_code,
        {{ typed('planning', 'targets', 'period') }} as time_level,
        'CNY' as currency_code,

        -- measures
        {{ typed('planning', 'targets', 'amount') }} as target_amount,

        -- dates
        {{ typed('planning', 'targets', 'first_day') }} as period_start
    from source
)

select * from renamed
