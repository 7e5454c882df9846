{%- set key = ['report_key'] -%}
{%- set reads = [{'keys_of': 'int_contact_point__tried'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with tried as (
    select * from {{ ref('int_contact_point__tried') }}
),

claims as (
    select * from {{ ref('int_contact_point__claims') }}
),

policy as (
    select * from {{ ref('contact_point_policy') }}
),

touched as (
    {{ rows_of_touched_keys('tried', key) }}
),

tried_points as (
    select contact_point_key
    from touched
    group by contact_point_key
),

claimants as (
    select
        claims.contact_point_key,
        claims.contact_type_code,
        claims.source_name,
        claims.party_source_name,
        claims.party_record_id,
        min(claims.load_id) as load_id
    from claims
    inner join tried_points
        on claims.contact_point_key = tried_points.contact_point_key
    group by
        claims.contact_point_key,
        claims.contact_type_code,
        claims.source_name,
        claims.party_source_name,
        claims.party_record_id
),

final as (
    -- Nobody could hold a report against a claim before both were known.
    select
        {{ surrogate_key([
            'touched.contact_point_event_key',
            'claimants.source_name',
            'claimants.party_source_name',
            'claimants.party_record_id',
        ]) }} as claim_event_key,
        touched.report_key,
        touched.contact_point_key,
        touched.customer_id,
        claimants.source_name,
        claimants.party_source_name,
        claimants.party_record_id as source_record_id,
        policy.attribute_group,
        claimants.contact_type_code,
        touched.event_type,
        touched.source_name as reporting_source_name,
        touched.told_by,
        greatest(touched.load_id, claimants.load_id) as load_id,
        touched.happened_at
    from touched
    inner join claimants on touched.contact_point_key = claimants.contact_point_key
    inner join policy on claimants.contact_type_code = policy.contact_type_code
)

select * from final
