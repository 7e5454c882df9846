{%- set key = ['campaign_touch_key'] -%}
{%- set reads = reads_of_fact(
    'int_campaign_touch__exposures', 'campaign_touch_key', members=['campaign'],
) + [{'keys_of': 'int_campaign_touch__sales'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with touches as (
    select * from {{ ref('int_campaign_touch__exposures') }}
),

attributed as (
    select * from {{ ref('int_campaign_touch__sales') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

earlier_links as (
    select * from {{ ref('int_customer__earlier_links') }}
),

customer_versions as (
    select * from {{ ref('int_customer__version_keys') }}
),

campaigns as (
    select * from {{ ref('int_campaign__current') }}
),

channels as (
    select * from {{ ref('dim_channel') }}
),

known as (
    {{ rows_of_touched_keys('touches', key) }}
),

touched as (
    select
        known.*,
        coalesce(attributed.attributed_order_count, 0) as attributed_order_count,
        cast(
            case
                when attributed.campaign_touch_key is null then 0
                else attributed.attributed_net_amount
            end as decimal(18, 4)
        ) as attributed_net_amount
    from known
    left join attributed on known.campaign_touch_key = attributed.campaign_touch_key
),

final as (
    select
        -- keys
        touched.campaign_touch_key,
        coalesce(campaigns.campaign_key, '_unknown') as campaign_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('touched.touched_at')) }} as touched_date_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touched.response_type_code,
        touched.coupon_code,

        -- flags
        touched.was_exposed,
        touched.was_permitted,
        touched.response_count > 0 as is_responded,
        touched.response_in_window_count > 0 as is_responded_in_window,

        -- measures
        cast(touched.response_count as integer) as response_count,
        cast(touched.response_in_window_count as integer) as response_in_window_count,
        cast(touched.attributed_order_count as integer) as attributed_order_count,
        touched.attributed_net_amount,

        -- timestamps
        touched.touched_at,
        touched.window_to as response_window_ends_at,
        touched.first_response_at
    from touched
    {{ customer_of('touched', 'happened_at') }}
    left join campaigns
        on
            touched.campaign_source_name = campaigns.source_name
            and touched.campaign_record_id = campaigns.campaign_record_id
    left join channels on touched.channel_code = channels.channel_code
)

select * from final
