with source as (
    select * from {{ source('loyalty', 'campaigns') }}
),

renamed as (
    select
        {{ delivery_columns('loyalty') }},

        -- keys
        concat_ws(
            '-',
            'exposure',
            {{ typed('loyalty', 'campaigns', 'campaign_id') }},
            {{ typed('loyalty', 'campaigns', 'household_id') }}
        ) as campaign_touch_record_id,
        'loyalty' as party_source_name,
        {{ typed('loyalty', 'campaigns', 'household_id') }} as party_record_id,
        'loyalty' as campaign_source_name,
        {{ typed('loyalty', 'campaigns', 'campaign_id') }} as campaign_record_id,

        -- attributes
        'exposure' as touch_type_code,
        'mail' as channel_code
    from source
)

select * from renamed
