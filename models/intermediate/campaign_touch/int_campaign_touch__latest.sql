{%- set key = ['source_name', 'campaign_touch_record_id'] -%}
{%- set reads = reads_of_touches() -%}
{{ config(**built_by_keys(key, reads, tells=['person_code'])) }}

with delivered as (
    select * from {{ ref('input_campaign_touch') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

campaigns as (
    select * from {{ ref('int_campaign__current') }}
),

consents as (
    select * from {{ ref('int_consent__ranges') }}
),

spoken_of as (
    select * from {{ ref('int_consent__spoken_of') }}
),

consent_policies as (
    {{ policy('consent_policy', 'purpose_code', ['purpose_code', 'consent_rule']) }}
),

response_policies as (
    {{ policy('response_policy', 'channel_code', ['channel_code', 'response_days']) }}
),

touched as (
    {{ rows_of_touched_keys('delivered', key) }}
),

{{ latest_rows('touched', 'campaign_touch_record_id') }},

placed as (
    select
        touched_latest.*,
        coalesce(touched_at, touched_latest.valid_from) as happened_at,
        coalesce(links.customer_id, '_unknown') as customer_id,
        campaigns.purpose_code,
        coalesce(spoken_of.channel_code, '_unknown') as consent_channel_code,
        -- Who does not say when a message went out may have sent it all along.
        coalesce(touched_latest.touched_at, cast(campaigns.starts_on as timestamp))
            as window_from,
        coalesce(
            touched_latest.touched_at,
            cast({{ dbt.dateadd('day', 1, 'campaigns.ends_on') }} as timestamp)
        ) as window_counted_from,
        coalesce(
            campaigns.response_days,
            response_policies.response_days,
            general_policies.response_days
        ) as response_days
    from touched_latest
    left join links
        on
            touched_latest.party_source_name = links.source_name
            and touched_latest.party_record_id = links.source_record_id
    left join campaigns
        on
            touched_latest.campaign_source_name = campaigns.source_name
            and touched_latest.campaign_record_id = campaigns.campaign_record_id
    left join spoken_of on touched_latest.channel_code = spoken_of.channel_code
    left join response_policies
        on touched_latest.channel_code = response_policies.channel_code
    left join response_policies as general_policies
        on general_policies.channel_code = '_unknown'
),

final as (
    select
        {{ surrogate_key(['placed.source_name', 'campaign_touch_record_id']) }}
            as campaign_touch_key,
        placed.source_name,
        placed.campaign_touch_record_id,
        placed.load_id,
        placed.party_source_name,
        placed.party_record_id,
        placed.customer_id,
        {{ person_code('placed') }} as person_code,
        placed.campaign_source_name,
        placed.campaign_record_id,
        placed.touch_type_code,
        placed.channel_code,
        placed.response_type_code,
        placed.coupon_code,
        case
            when consent_policies.consent_rule = 'always' then true
            when consent_policies.consent_rule = 'opt_out'
                then coalesce(consents.is_granted, true)
            else coalesce(consents.is_granted, false)
        end as was_permitted,
        placed.touched_at,
        placed.happened_at,
        coalesce(placed.window_from, timestamp '1900-01-01') as window_from,
        coalesce(
            {{ dbt.dateadd(
                'day', 'placed.response_days', 'placed.window_counted_from'
            ) }},
            timestamp '9999-12-31'
        ) as window_to
    from placed
    left join consent_policies on placed.purpose_code = consent_policies.purpose_code
    left join consents
        on
            placed.customer_id = consents.customer_id
            and placed.purpose_code = consents.purpose_code
            and placed.consent_channel_code = consents.channel_code
            and placed.happened_at >= consents.valid_from
            and placed.happened_at < consents.valid_to
)

select * from final
