{%- set key = ['consent_key'] -%}
{%- set reads = reads_of_fact(
    'int_consent__latest', 'consent_key',
    told_by=['source_name', 'consent_record_id'],
) -%}
{{ config(**built_by_keys(key, reads)) }}

with consents as (
    select * from {{ ref('int_consent__latest') }}
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
    {{ rows_of_touched_keys('consents', key) }}
),

final as (
    select
        -- keys
        touched.consent_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('touched.consented_at')) }} as consented_date_key,
        {{ date_key(local_date('touched.expires_at')) }} as expires_date_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touched.consent_record_id,
        touched.purpose_code,
        touched.channel_code,
        touched.notice_code,
        touched.evidence,

        -- flags
        touched.is_granted,

        -- timestamps
        touched.consented_at,
        touched.expires_at
    from touched
    {{ customer_of('touched', 'consented_at') }}
    left join channels on touched.channel_code = channels.channel_code
)

select * from final
