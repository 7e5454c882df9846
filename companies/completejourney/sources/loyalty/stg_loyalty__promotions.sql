with source as (
    select * from {{ source('loyalty', 'promotions') }}
),

typed as (
    select
        *,
        {{ typed('loyalty', 'promotions', 'product_id') }} as product_record_id,
        {{ typed('loyalty', 'promotions', 'store_id') }} as outlet_record_id,
        {{ typed('loyalty', 'promotions', 'week') }} as week_number
    from source
),

renamed as (
    -- Weeks run from Monday to Sunday; the first of them ends on the first of January.
    select
        {{ delivery_columns('loyalty') }},

        -- keys
        concat_ws('-', product_record_id, outlet_record_id, week_number)
            as promotion_record_id,
        'loyalty' as product_source_name,
        product_record_id,
        'loyalty' as outlet_source_name,
        outlet_record_id,

        -- attributes
        case when mailer_location = '0' then 'display' else 'mailer' end
            as promotion_type_code,
        {{ typed('loyalty', 'promotions', 'display_location') }} as display_code,
        {{ typed('loyalty', 'promotions', 'mailer_location') }} as mailer_code,

        -- dates
        cast(
            {{ dbt.dateadd('day', '7 * (week_number - 1)', "date '2016-12-26'") }}
            as date
        ) as starts_on,
        cast(
            {{ dbt.dateadd('day', '7 * week_number - 1', "date '2016-12-26'") }}
            as date
        ) as ends_on
    from typed
)

select * from renamed
