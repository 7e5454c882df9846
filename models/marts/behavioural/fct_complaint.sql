{%- set key = ['complaint_key'] -%}
{%- set reads = reads_of_fact(
    'int_complaint__current', 'complaint_key',
    told_by=['source_name', 'complaint_record_id'],
    members=['product', 'agent'],
) -%}
{{ config(**built_by_keys(key, reads)) }}

with complaints as (
    select * from {{ ref('int_complaint__current') }}
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
    {{ rows_of_touched_keys('complaints', key) }}
),

final as (
    select
        -- keys
        touched.complaint_key,
        touched.complaint_number,
        coalesce(products.product_key, '_unknown') as product_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        coalesce(agents.agent_key, '_unknown') as agent_key,
        {%- for stage in ['raised', 'assigned', 'answered', 'closed'] %}
        {{ date_key(local_date('touched.' ~ stage ~ '_at')) }} as {{ stage }}_date_key,
        {%- endfor %}
        coalesce(channels.channel_key, '_unknown') as channel_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touched.stage_code,
        touched.reason_code,
        touched.outcome_code,
        touched.agent_code,

        -- measures
        {{ hours_between('touched.raised_at', 'touched.assigned_at') }}
            as raised_to_assigned_hours,
        {{ hours_between('touched.assigned_at', 'touched.answered_at') }}
            as assigned_to_answered_hours,
        {{ hours_between('touched.answered_at', 'touched.closed_at') }}
            as answered_to_closed_hours,
        {{ hours_between('touched.raised_at', 'touched.answered_at') }}
            as raised_to_answered_hours,
        {{ hours_between('touched.raised_at', 'touched.closed_at') }}
            as raised_to_closed_hours,

        -- timestamps
        touched.raised_at,
        touched.assigned_at,
        touched.answered_at,
        touched.closed_at
    from touched
    {{ customer_of('touched', 'raised_at') }}
    left join products
        on
            touched.product_source_name = products.source_name
            and touched.product_record_id = products.product_record_id
            and touched.raised_at >= products.valid_from
            and touched.raised_at < products.valid_to
    left join agents
        on
            touched.agent_source_name = agents.source_name
            and touched.agent_record_id = agents.agent_record_id
    left join channels on touched.channel_code = channels.channel_code
)

select * from final
