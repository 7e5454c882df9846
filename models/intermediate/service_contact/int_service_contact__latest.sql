{%- set key = ['source_name', 'service_contact_record_id'] -%}
{%- set reads = reads_of_event('input_service_contact', 'service_contact_record_id') -%}
{{ config(**built_by_keys(key, reads, tells=['customer_id'])) }}

with delivered as (
    select * from {{ ref('input_service_contact') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

outcomes as (
    {{ policy('contact_outcome', 'code', ['code', 'is_answered']) }}
),

touched as (
    {{ rows_of_touched_keys('delivered', key) }}
),

{{ latest_rows('touched', 'service_contact_record_id') }},

final as (
    select
        {{ surrogate_key(['latest.source_name', 'service_contact_record_id']) }}
            as service_contact_key,
        latest.source_name,
        latest.service_contact_record_id,
        latest.load_id,
        latest.party_source_name,
        latest.party_record_id,
        coalesce(links.customer_id, '_unknown') as customer_id,
        latest.product_source_name,
        latest.product_record_id,
        latest.agent_source_name,
        latest.agent_record_id,
        latest.direction_code,
        latest.channel_code,
        latest.reason_code,
        latest.suggestion_topic_code,
        latest.outcome_code,
        outcomes.is_answered,
        latest.is_complaint,
        latest.duration_seconds,
        latest.agent_code,
        latest.note,
        coalesce(latest.started_at, latest.valid_from) as started_at
    from touched_latest as latest
    left join links
        on
            latest.party_source_name = links.source_name
            and latest.party_record_id = links.source_record_id
    left join outcomes on latest.outcome_code = outcomes.code
)

select * from final
