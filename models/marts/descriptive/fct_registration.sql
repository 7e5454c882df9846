{%- set key = ['registration_key'] -%}
{%- set reads = reads_of_fact(
    'int_party__registrations', 'registration_key',
    told_by=['source_name', 'source_record_id'],
) -%}
{{ config(**built_by_keys(key, reads)) }}

with registrations as (
    select * from {{ ref('int_party__registrations') }}
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

channels as (
    select * from {{ ref('dim_channel') }}
),

touched as (
    {{ rows_of_touched_keys('registrations', key) }}
),

final as (
    select
        -- keys
        touched.registration_key,
        touched.source_name as source_key,
        touched.source_record_id,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        {{ date_key(local_date('touched.registered_at')) }}
            as registered_date_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- flags
        touched.is_external,

        -- timestamps
        touched.registered_at
    from touched
    {{ customer_of('touched', 'registered_at', 'source_name', 'source_record_id') }}
    left join channels on touched.channel_code = channels.channel_code
)

select * from final
