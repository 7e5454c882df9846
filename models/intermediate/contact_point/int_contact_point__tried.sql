{%- set key = ['report_key'] -%}
{%- set reads = [
    {'keys_of': 'int_contact_point__reports'},
    {'keys_of': 'int_contact_point__claims', 'via': reports_of_changed_customers()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with reports as (
    select * from {{ ref('int_contact_point__reports') }}
),

claims as (
    select * from {{ ref('int_contact_point__claims') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

points as (
    select * from {{ ref('int_contact_point__points') }}
),

channels as (
    select * from {{ ref('contact_point_channel') }}
),

touched as (
    {{ rows_of_touched_keys('reports', key) }}
),

reported as (
    select
        touched.*,
        links.customer_id
    from touched
    left join links
        on
            touched.party_source_name = links.source_name
            and touched.party_record_id = links.source_record_id
),

found as (
    -- Named with its party, a point is that party's; alone, it is of all who claim it.
    select
        reported.report_key,
        points.contact_point_key,
        points.customer_id,
        points.first_source_name as party_source_name,
        points.first_record_id as party_record_id
    from reported
    inner join points
        on
            {{ contact_family('reported.contact_type_code') }}
            = {{ contact_family('points.contact_type_code') }}
            and reported.value_code = points.value_code
    where
        reported.party_record_id is null
        or reported.customer_id = points.customer_id
    union all
    -- Where the record had two numbers at that moment, nobody knows which was tried.
    select
        reported.report_key,
        min(claims.contact_point_key) as contact_point_key,
        min(claims.customer_id) as customer_id,
        min(reported.party_source_name) as party_source_name,
        min(reported.party_record_id) as party_record_id
    from reported
    left join channels
        on
            reported.contact_type_code is null
            and reported.channel_code = channels.channel_code
    inner join claims
        on
            reported.party_source_name = claims.party_source_name
            and reported.party_record_id = claims.party_record_id
            and coalesce(reported.contact_type_code, channels.contact_type_code)
            = claims.contact_type_code
            and reported.happened_at >= claims.valid_from
            and reported.happened_at < claims.valid_to
    where reported.value_code is null
    group by reported.report_key
    having count(distinct claims.contact_point_key) = 1
),

final as (
    select
        {{ surrogate_key(['reported.report_key', 'found.contact_point_key']) }}
            as contact_point_event_key,
        coalesce(
            found.contact_point_key,
            {{ surrogate_key(['reported.report_key', 'found.contact_point_key']) }}
        ) as history_key,
        reported.report_key,
        coalesce(found.contact_point_key, '_unknown') as contact_point_key,
        coalesce(found.customer_id, reported.customer_id, '_unknown') as customer_id,
        reported.told_by,
        reported.source_name,
        coalesce(reported.party_source_name, found.party_source_name)
            as party_source_name,
        coalesce(reported.party_record_id, found.party_record_id) as party_record_id,
        reported.contact_type_code,
        reported.event_type,
        reported.load_id,
        reported.happened_at
    from reported
    left join found on reported.report_key = found.report_key
    where found.report_key is not null or reported.told_by = 'contact_point'
)

select * from final
