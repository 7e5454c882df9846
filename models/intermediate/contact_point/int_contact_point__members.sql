{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_contact_point__beliefs'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with points as (
    select * from {{ ref('int_contact_point__points') }}
),

beliefs as (
    select * from {{ ref('int_contact_point__beliefs') }}
),

policy as (
    select * from {{ ref('contact_point_policy') }}
),

touched as (
    {{ rows_of_touched_keys('beliefs', key) }}
),

known as (
    select
        points.contact_point_key,
        points.customer_id,
        points.contact_type_code,
        points.channel_code,
        touched.status_code,
        points.value_class,
        points.value_hash,
        points.contact_value,
        points.area_country_code,
        points.area_region,
        points.is_valid,
        points.is_held,
        points.is_preferred,
        touched.is_refuted,
        points.is_valid and points.is_held and not touched.is_refuted as is_usable,
        points.source_count,
        points.holding_source_count,
        touched.report_count,
        policy.claimed_confidence,
        touched.proven_confidence,
        touched.log_likelihood_ratio,
        policy.half_life_days,
        policy.renewal_days,
        points.first_claimed_at,
        points.last_claimed_at,
        touched.last_proven_at,
        touched.last_refuted_at,
        touched.last_doubted_at,
        greatest(points.last_claimed_at, touched.last_proven_at) as last_evidence_at
    from points
    inner join touched on points.contact_point_key = touched.contact_point_key
    inner join policy on points.contact_type_code = policy.contact_type_code
),

nobody as (
    select
        '_unknown' as contact_point_key,
        '_unknown' as customer_id,
        '_unknown' as contact_type_code,
        '_unknown' as channel_code,
        '_unknown' as status_code,
        '_unknown' as value_class,
        null as value_hash,
        null as contact_value,
        null as area_country_code,
        null as area_region,
        false as is_valid,
        false as is_held,
        false as is_preferred,
        false as is_refuted,
        false as is_usable,
        0 as source_count,
        0 as holding_source_count,
        0 as report_count,
        0 as claimed_confidence,
        null as proven_confidence,
        0 as log_likelihood_ratio,
        1 as half_life_days,
        null as renewal_days,
        null as first_claimed_at,
        null as last_claimed_at,
        null as last_proven_at,
        null as last_refuted_at,
        null as last_doubted_at,
        null as last_evidence_at
),

final as (
    select * from known
    union all
    {{ rows_of_touched_keys('nobody', key) }}
)

select * from final
