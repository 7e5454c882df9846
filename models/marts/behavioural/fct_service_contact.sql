{%- set key = ['service_contact_key'] -%}
{%- set reads = reads_of_fact(
    'int_service_contact__latest', 'service_contact_key',
    told_by=['source_name', 'service_contact_record_id'],
    members=['product', 'agent'],
) -%}
{{ config(**built_by_keys(key, reads)) }}

with contacts as (
    select * from {{ ref('int_service_contact__latest') }}
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

agents as (
    select * from {{ ref('int_agent__current') }}
),

channels as (
    select * from {{ ref('dim_channel') }}
),

touched as (
    {{ rows_of_touched_keys('contacts', key) }}
),

final as (
    select
        -- keys
        touched.service_contact_key,
        coalesce(products.product_key, '_unknown') as product_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        coalesce(agents.agent_key, '_unknown') as agent_key,
        {{ date_key(local_date('touched.started_at')) }} as started_date_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touched.direction_code,
        touched.reason_code,
        touched.suggestion_topic_code,
        touched.outcome_code,
        touched.agent_code,
        touched.note,

        -- flags
        coalesce(touched.is_complaint, false) as is_complaint,
        touched.suggestion_topic_code is not null
        or coalesce(touched.reason_code = 'suggestion', false) as is_suggestion,
        touched.is_answered as was_answered,

        -- measures
        touched.duration_seconds,

        -- timestamps
        touched.started_at
    from touched
    {{ customer_of('touched', 'started_at') }}
    left join products
        on
            touched.product_source_name = products.source_name
            and touched.product_record_id = products.product_record_id
            and touched.started_at >= products.valid_from
            and touched.started_at < products.valid_to
    left join agents
        on
            touched.agent_source_name = agents.source_name
            and touched.agent_record_id = agents.agent_record_id
    left join channels on touched.channel_code = channels.channel_code
)

select * from final
