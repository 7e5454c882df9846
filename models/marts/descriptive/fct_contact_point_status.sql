{%- set key = ['contact_point_status_key'] -%}
{%- set reads = [
    {'keys_of': 'int_contact_point__statuses', 'via': statuses_of_changed_histories()},
    {'keys_of': 'int_customer__version_keys', 'via': statuses_of_changed_customers()},
    {'keys_of': 'int_customer__links', 'via': statuses_of_changed_records()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with statuses as (
    select * from {{ ref('int_contact_point__statuses') }}
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

touched as (
    {{ rows_of_touched_keys('statuses', key, ['contact_point_event_key']) }}
),

final as (
    select
        -- keys
        touched.contact_point_event_key as contact_point_status_key,
        touched.contact_point_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('touched.happened_at')) }} as happened_date_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touched.told_by,
        touched.event_type,
        touched.effect,
        touched.status_before_code,
        touched.status_after_code,

        -- timestamps
        touched.happened_at
    from touched
    {{ customer_of('touched', 'happened_at') }}
)

select * from final
