{%- set key = ['source_name', 'service_usage_record_id'] -%}
{%- set reads = reads_of_event('input_service_usage', 'service_usage_record_id') -%}
{{ config(**built_by_keys(key, reads, tells=['customer_id'])) }}

with delivered as (
    select * from {{ ref('input_service_usage') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

touched as (
    {{ rows_of_touched_keys('delivered', key) }}
),

{{ latest_rows('touched', 'service_usage_record_id') }},

-- The standard form, so that a number has the hash that it has as a contact point. Each
-- is hashed once, however many call it.
counterparts as (
    select
        counterpart,
        {{ keyed_hash(
            'coalesce(' ~ standard_phone('counterpart', 'null') ~ ', '
            ~ standard_email('counterpart') ~ ', lower(trim(counterpart)))'
        ) }} as counterpart_hash
    from touched_latest
    where counterpart is not null
    group by counterpart
),

final as (
    select
        {{ surrogate_key(['latest.source_name', 'service_usage_record_id']) }}
            as service_usage_key,
        latest.source_name,
        latest.service_usage_record_id,
        latest.load_id,
        latest.party_source_name,
        latest.party_record_id,
        coalesce(links.customer_id, '_unknown') as customer_id,
        latest.product_source_name,
        latest.product_record_id,
        latest.service_code,
        latest.usage_status_code,
        counterparts.counterpart_hash,
        latest.duration_seconds,
        coalesce(latest.started_at, latest.valid_from) as started_at
    from touched_latest as latest
    left join counterparts on latest.counterpart = counterparts.counterpart
    left join links
        on
            latest.party_source_name = links.source_name
            and latest.party_record_id = links.source_record_id
)

select * from final
