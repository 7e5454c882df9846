with source as (
    select * from {{ source('loyalty', 'coupon_redemptions') }}
),

renamed as (
    select
        {{ delivery_columns(
            'loyalty',
            clock='cast('
                ~ typed('loyalty', 'coupon_redemptions', 'redemption_date')
                ~ ' as timestamp)'
        ) }},

        -- keys
        concat_ws(
            '-',
            'redemption',
            {{ typed('loyalty', 'coupon_redemptions', 'campaign_id') }},
            {{ typed('loyalty', 'coupon_redemptions', 'household_id') }},
            {{ typed('loyalty', 'coupon_redemptions', 'coupon_upc') }},
            cast(
                {{ typed('loyalty', 'coupon_redemptions', 'redemption_date') }}
                as {{ dbt.type_string() }}
            )
        ) as campaign_touch_record_id,
        'loyalty' as party_source_name,
        {{ typed('loyalty', 'coupon_redemptions', 'household_id') }}
            as party_record_id,
        'loyalty' as campaign_source_name,
        {{ typed('loyalty', 'coupon_redemptions', 'campaign_id') }}
            as campaign_record_id,

        -- attributes
        'response' as touch_type_code,
        'shop' as channel_code,
        'redeemed' as response_type_code,
        {{ typed('loyalty', 'coupon_redemptions', 'coupon_upc') }} as coupon_code,

        -- timestamps
        cast(
            {{ typed('loyalty', 'coupon_redemptions', 'redemption_date') }}
            as timestamp
        ) as touched_at
    from source
)

select * from renamed
