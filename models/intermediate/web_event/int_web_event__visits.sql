{%- set key = ['source_name', 'visitor_id'] -%}
{%- set tells = ['web_event_key'] -%}
{%- set reads = reads_of_visitors() -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=tells)) }}
{%- set kept = [
    'product_source_name', 'product_record_id', 'device_code', 'visitor_id',
    'visitor_code', 'session_code', 'channel_code', 'event_type_code',
] -%}

-- Imported for each use: what is read twice of one import is kept with all its columns.
-- The rows of touched visitors are few, and looked up once.
with delivered as (
    select * from {{ ref('input_web_event') }}
),

steps as (
    select * from {{ ref('input_web_event') }}
),

sign_ins as (
    select * from {{ ref('input_web_event') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

rules as (
    {{ policy('web_policy', 'rule_code', ['rule_code', 'rule_value']) }}
),

identified as (
    select
        *,
        {{ visitor_id() }} as visitor_id
    from steps
),

touched as (
    {{ rows_of_touched_visitors('identified') }}
),

{{ latest_rows('touched', 'web_event_record_id') }},

standing as (
    {{ rows_of_touched_keys('touched_latest', key) }}
),

{{ visited('standing') }},

persons as (
    select
        *,
        {{ event_number() }} as person_number
    from {{ 'touched' if is_built_by_key() else 'sign_ins' }}
    where party_record_id is not null
),

followed_events as (
    select
        *,
        {{ visitor_id() }} as visitor_id
    from delivered
),

events as (
    select
        *,
        {{ event_number() }} as event_number
    from {{ 'touched' if is_built_by_key() else 'followed_events' }}
),

final as (
    select
        {{ surrogate_key(['events.source_name', 'events.web_event_record_id']) }}
            as web_event_key,
        {{ surrogate_key(['events.source_name', 'session_record_id']) }}
            as web_session_key,
        events.source_name,
        events.load_id,
        persons.party_source_name,
        persons.party_record_id,
        persons.load_id as sign_in_load_id,
        coalesce(links.customer_id, '_unknown') as customer_id,
        visited.visitor_event_number,
        events.{{ kept | join(',\n        events.') }},
        regexp_extract(events.page_path, '^[^?#]*', 0) as page_path,
        events.party_record_id is null
        and persons.party_record_id is not null as is_stitched,
        coalesce(events.occurred_at, events.valid_from) as occurred_at
    from visited
    inner join events on visited.event_number = events.event_number
    left join persons on visited.sign_in_number = persons.person_number
    left join links
        on
            persons.party_source_name = links.source_name
            and persons.party_record_id = links.source_record_id
)

select * from final
