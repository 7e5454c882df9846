{%- set key = ['list_name_key'] -%}
{%- set reads = reads_of_fact('int_list__names', 'list_name_key') -%}
{{ config(**built_by_keys(key, reads)) }}

with names as (
    select * from {{ ref('int_list__names') }}
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
    {{ rows_of_touched_keys('names', key) }}
),

final as (
    select
        -- keys
        touched.list_name_key,
        touched.list_key,
        touched.source_name as source_key,
        touched.list_name_record_id as source_record_id,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        {{ date_key('touched.collected_on') }} as collected_date_key,
        {{ date_key('touched.delivered_on') }} as delivered_date_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- flags
        touched.was_known,
        touched.is_on_other_list,

        -- measures
        {{ dbt.datediff('touched.collected_on', 'touched.delivered_on', 'day') }}
            as age_in_days
    from touched
    {{ customer_of('touched', 'delivered_at') }}
)

select * from final
