with campaigns as (
    select * from {{ ref('int_campaign__current') }}
),

channels as (
    select * from {{ ref('dim_channel') }}
),

members as (
    select
        campaign_key,
        source_name,
        campaign_record_id,
        channel_code,
        campaign_name,
        campaign_type_code,
        purpose_code,
        currency_code,
        is_deleted,
        budget_amount,
        response_days,
        starts_on,
        ends_on
    from campaigns
    union all
    select
        '_unknown' as campaign_key,
        '_unknown' as source_name,
        '_unknown' as campaign_record_id,
        '_unknown' as channel_code,
        'Unknown' as campaign_name,
        '_unknown' as campaign_type_code,
        null as purpose_code,
        null as currency_code,
        false as is_deleted,
        null as budget_amount,
        null as response_days,
        null as starts_on,
        null as ends_on
),

final as (
    select
        -- keys
        members.campaign_key,
        members.campaign_key as campaign_id,
        members.source_name as source_key,
        members.campaign_record_id,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        {{ date_key('members.starts_on') }} as starts_date_key,
        {{ date_key('members.ends_on') }} as ends_date_key,

        -- attributes
        members.campaign_name,
        members.campaign_type_code,
        members.purpose_code,
        members.currency_code,

        -- flags
        members.is_deleted,

        -- measures
        members.budget_amount,
        members.response_days,

        -- dates
        members.starts_on,
        members.ends_on
    from members
    left join channels on members.channel_code = channels.channel_code
)

select * from final
