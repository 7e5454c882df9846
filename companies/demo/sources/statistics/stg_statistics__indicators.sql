with source as (
    select * from {{ source('statistics', 'indicators') }}
),

renamed as (
    select
        {{ delivery_columns('statistics') }},

        -- keys
        concat_ws('|', indicator, month, region) as indicator_record_id,

        -- attributes
        {{ typed('statistics', 'indicators', 'indicator') }} as indicator_code,
        {{ typed('statistics', 'indicators', 'name') }} as indicator_name,
        'points' as indicator_unit,
        'month' as time_level,
        nullif({{ typed('statistics', 'indicators', 'region') }}, '全国') as region,
        {{ typed('statistics', 'indicators', 'country') }} as country_code,

        -- measures
        {{ typed('statistics', 'indicators', 'points') }} as indicator_value,

        -- dates
        {{ typed('statistics', 'indicators', 'month') }} as period_start
    from source
)

select * from renamed
