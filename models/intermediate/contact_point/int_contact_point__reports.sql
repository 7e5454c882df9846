{%- set key, reads = ['report_key'], [
    {'keys_of': 'int_contact_point__stated_reports'},
    {
        'keys_of': 'int_service_contact__latest',
        'via': told_reports('service_contact'),
    },
    {
        'keys_of': 'int_campaign_touch__latest',
        'via': told_reports('campaign_touch'),
    },
] -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with stated_reports as (
    select * from {{ ref('int_contact_point__stated_reports') }}
),

contacts as (
    select * from {{ ref('int_service_contact__latest') }}
),

touches as (
    select * from {{ ref('int_campaign_touch__latest') }}
),

feedback as (
    select * from {{ ref('contact_feedback') }}
),

reports as (
    -- What we began tells of the point; who calls us may call from anywhere.
    select
        report_key,
        'contact_point' as told_by,
        source_name,
        party_source_name,
        party_record_id,
        contact_type_code,
        cast(null as varchar) as channel_code,
        value_code,
        event_type,
        load_id,
        happened_at
    from stated_reports
    union all
    select
        {{ surrogate_key(["'service_contact'", 'contacts.service_contact_key']) }}
            as report_key,
        'service_contact' as told_by,
        contacts.source_name,
        contacts.party_source_name,
        contacts.party_record_id,
        null as contact_type_code,
        contacts.channel_code,
        null as value_code,
        feedback.event_type,
        contacts.load_id,
        contacts.started_at as happened_at
    from contacts
    inner join feedback
        on
            feedback.told_by = 'service_contact'
            and contacts.outcome_code = feedback.told_code
    where contacts.direction_code = 'outbound'
    union all
    select
        {{ surrogate_key(["'campaign_touch'", 'touches.campaign_touch_key']) }}
            as report_key,
        'campaign_touch' as told_by,
        touches.source_name,
        touches.party_source_name,
        touches.party_record_id,
        null as contact_type_code,
        touches.channel_code,
        null as value_code,
        feedback.event_type,
        touches.load_id,
        touches.happened_at
    from touches
    inner join feedback
        on
            feedback.told_by = 'campaign_touch'
            and touches.response_type_code = feedback.told_code
),

final as (
    {{ rows_of_touched_keys('reports', key) }}
)

select * from final
