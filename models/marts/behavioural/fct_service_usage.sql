{%- set key = ['service_usage_key'] -%}
{%- set reads = reads_of_fact(
    'int_service_usage__latest', 'service_usage_key',
    told_by=['source_name', 'service_usage_record_id'],
    members=['product'],
) -%}
{{ config(**built_by_keys(key, reads)) }}

with usages as (
    select * from {{ ref('int_service_usage__latest') }}
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

touched as (
    {{ rows_of_touched_keys('usages', key) }}
),

final as (
    select
        -- keys
        touched.service_usage_key,
        coalesce(products.product_key, '_unknown') as product_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('touched.started_at')) }} as started_date_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touched.service_code,
        touched.usage_status_code as usage_status,
        touched.counterpart_hash,

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
)

select * from final
