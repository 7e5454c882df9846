with source as (
    select * from {{ source('campaign', 'campaigns') }}
),

renamed as (
    select
        {{ delivery_columns('campaign') }},

        -- keys
        {{ typed('campaign', 'campaigns', 'campaign_code') }} as campaign_record_id,

        -- attributes
        {{ typed('campaign', 'campaigns', 'name') }} as campaign_name,
        {{ typed('campaign', 'campaigns', 'type') }} as campaign_type_code,
        {{ typed('campaign', 'campaigns', 'purpose') }} as purpose_code,
        {{ typed('campaign', 'campaigns', 'channel') }} as channel_code,
        {{ typed('campaign', 'campaigns', 'currency') }} as currency_code,

        -- measures
        {{ typed('campaign', 'campaigns', 'budget') }} as budget_amount,
        {{ typed('campaign', 'campaigns', 'answer_days') }} as response_days,

        -- dates
        {{ typed('campaign', 'campaigns', 'starts_on') }} as starts_on,
        {{ typed('campaign', 'campaigns', 'ends_on') }} as ends_on
    from source
)

select * from renamed
