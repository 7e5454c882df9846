with source as (
    select * from {{ source('loyalty', 'campaign_descriptions') }}
),

renamed as (
    select
        {{ delivery_columns('loyalty') }},

        -- keys
        {{ typed('loyalty', 'campaign_descriptions', 'campaign_id') }}
            as campaign_record_id,

        -- attributes
        concat_ws(
            ' ',
            'Campaign',
            {{ typed('loyalty', 'campaign_descriptions', 'campaign_id') }}
        ) as campaign_name,
        {{ typed('loyalty', 'campaign_descriptions', 'campaign_type') }}
            as campaign_type_code,
        'marketing' as purpose_code,
        'mail' as channel_code,

        -- dates
        {{ typed('loyalty', 'campaign_descriptions', 'start_date') }} as starts_on,
        {{ typed('loyalty', 'campaign_descriptions', 'end_date') }} as ends_on
    from source
)

select * from renamed
