with touches as (
    select * from {{ ref('int_campaign_touch__exposures') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

earlier_links as (
    select * from {{ ref('int_customer__earlier_links') }}
),

customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

campaigns as (
    select * from {{ ref('int_campaign__current') }}
),

channels as (
    select * from {{ ref('dim_channel') }}
),

final as (
    select
        -- keys
        touches.campaign_touch_key,
        coalesce(campaigns.campaign_key, '_unknown') as campaign_key,
        touches.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touches.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('touches.touched_at')) }} as touched_date_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        touches.source_name as source_key,
        cast(touches.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touches.response_type_code,
        touches.coupon_code,

        -- flags
        touches.was_exposed,
        touches.response_count > 0 as is_responded,

        -- measures
        cast(touches.response_count as integer) as response_count,

        -- timestamps
        touches.touched_at,
        touches.first_response_at
    from touches
    left join links
        on
            touches.party_source_name = links.source_name
            and touches.party_record_id = links.source_record_id
    left join earlier_links
        on
            touches.party_source_name = earlier_links.source_name
            and touches.party_record_id = earlier_links.source_record_id
            and touches.load_id >= earlier_links.from_load_id
            and touches.load_id < earlier_links.to_load_id
    left join customer_versions
        on
            touches.customer_id = customer_versions.customer_id
            and touches.happened_at >= customer_versions.valid_from
            and touches.happened_at < customer_versions.valid_to
    left join campaigns
        on
            touches.campaign_source_name = campaigns.source_name
            and touches.campaign_record_id = campaigns.campaign_record_id
    left join channels on touches.channel_code = channels.channel_code
)

select * from final
