{%- set key = ['web_event_key'] -%}
{%- set reads = reads_of_fact(
    'int_web_event__visits', 'web_event_key',
    members=['product'],
) -%}
{{ config(**built_by_keys(key, reads)) }}

with events as (
    select * from {{ ref('int_web_event__visits') }}
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

products as (
    select * from {{ ref('int_product__versions') }}
),

channels as (
    select * from {{ ref('dim_channel') }}
),

touched as (
    {{ rows_of_touched_keys('events', key) }}
),

final as (
    select
        -- keys
        touched.web_event_key,
        touched.web_session_key,
        coalesce(products.product_key, '_unknown') as product_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        case
            when touched.sign_in_load_id <= touched.load_id
                then {{ customer_id_at_load('touched.load_id') }}
            else '_unknown'
        end as customer_id_at_load,
        {{ date_key(local_date('touched.occurred_at')) }} as occurred_date_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        touched.source_name as source_key,
        {{ load_key('touched.load_id') }} as load_key,
        {{ load_key('touched.sign_in_load_id') }} as sign_in_load_key,
        touched.party_source_name,
        touched.party_record_id,
        touched.visitor_code,
        touched.session_code,
        {{ keyed_hash("touched.source_name || ' ' || touched.visitor_id") }}
            as visitor_hash,

        -- attributes
        touched.event_type_code,
        touched.page_path,
        touched.device_code,

        -- flags
        touched.is_stitched,

        -- timestamps
        touched.occurred_at
    from touched
    {{ customer_of('touched', 'occurred_at') }}
    left join products
        on
            touched.product_source_name = products.source_name
            and touched.product_record_id = products.product_record_id
            and touched.occurred_at >= products.valid_from
            and touched.occurred_at < products.valid_to
    left join channels on touched.channel_code = channels.channel_code
)

select * from final
