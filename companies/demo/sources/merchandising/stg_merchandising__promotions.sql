with source as (
    select * from {{ source('merchandising', 'promotions') }}
),

renamed as (
    select
        {{ delivery_columns('merchandising') }},

        -- keys
        {{ typed('merchandising', 'promotions', 'placement_id') }}
            as promotion_record_id,
        'shop_system' as product_source_name,
        {{ typed('merchandising', 'promotions', 'product_id') }} as product_record_id,
        case when outlet_id <> '' then 'shop_system' end as outlet_source_name,
        {{ typed('merchandising', 'promotions', 'outlet_id') }} as outlet_record_id,

        -- attributes
        {{ typed('merchandising', 'promotions', 'promotion_code') }} as promotion_code,
        {{ typed('merchandising', 'promotions', 'promotion_type') }}
            as promotion_type_code,
        {{ typed('merchandising', 'promotions', 'display') }} as display_code,
        {{ typed('merchandising', 'promotions', 'mailer') }} as mailer_code,

        -- measures
        {{ typed('merchandising', 'promotions', 'discount') }} as discount_pct,

        -- dates
        {{ typed('merchandising', 'promotions', 'starts_on') }} as starts_on,
        {{ typed('merchandising', 'promotions', 'ends_on') }} as ends_on
    from source
)

select * from renamed
