{%- set key = ['experiment_assignment_key'] -%}
{%- set reads = reads_of_fact(
    'int_experiment_assignment__latest', 'experiment_assignment_key',
    members=['campaign'],
) -%}
{{ config(**built_by_keys(key, reads)) }}

with assignments as (
    select * from {{ ref('int_experiment_assignment__latest') }}
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

touched as (
    {{ rows_of_touched_keys('assignments', key) }}
),

final as (
    select
        -- keys
        touched.experiment_assignment_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        coalesce(campaigns.campaign_key, '_unknown') as campaign_key,
        {{ date_key(local_date('touched.assigned_at')) }} as assigned_date_key,
        {{ date_key(local_date('touched.ends_at')) }} as ends_date_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touched.experiment_code,
        touched.variant_code,

        -- flags
        touched.is_control,
        touched.is_counted,

        -- measures
        touched.planned_share_pct,

        -- timestamps
        touched.assigned_at,
        touched.ends_at
    from touched
    {{ customer_of('touched', 'assigned_at') }}
    left join campaigns
        on
            touched.campaign_source_name = campaigns.source_name
            and touched.campaign_record_id = campaigns.campaign_record_id
)

select * from final
