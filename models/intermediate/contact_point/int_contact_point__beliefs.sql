{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_contact_point__points'},
    {'keys_of': 'int_contact_point__statuses', 'via': customers_of_changed_histories()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with points as (
    select * from {{ ref('int_contact_point__points') }}
),

statuses as (
    select * from {{ ref('int_contact_point__statuses') }}
),

touched as (
    {{ rows_of_touched_keys('points', key) }}
),

told_of as (
    select statuses.*
    from statuses
    inner join touched on statuses.contact_point_key = touched.contact_point_key
),

proofs as (
    select
        contact_point_key,
        max(event_rank) as event_rank
    from told_of
    where effect = 'proves'
    group by contact_point_key
),

weighed as (
    select
        told_of.*,
        told_of.event_rank > coalesce(proofs.event_rank, 0) as is_since_proof,
        told_of.event_rank = proofs.event_rank as is_last_proof
    from told_of
    left join proofs on told_of.contact_point_key = proofs.contact_point_key
),

told as (
    select
        contact_point_key,
        count(*) as report_count,
        max_by(status_after_code, event_rank) as status_code,
        max(happened_at) as last_reported_at,
        max(happened_at) filter (where is_last_proof) as last_proven_at,
        max(proven_confidence) filter (where is_last_proof) as proven_confidence,
        max(happened_at) filter (where is_since_proof and effect = 'refutes')
            as last_refuted_at,
        max(happened_at) filter (where is_since_proof) as last_doubted_at,
        sum(log_likelihood_ratio) filter (where is_since_proof)
            as log_likelihood_ratio
    from weighed
    group by contact_point_key
),

final as (
    select
        touched.contact_point_key,
        touched.customer_id,
        coalesce(
            told.status_code,
            case when touched.is_valid then 'claimed' else 'invalid' end
        ) as status_code,
        coalesce(told.report_count, 0) as report_count,
        told.last_reported_at,
        told.last_proven_at,
        told.proven_confidence,
        told.last_refuted_at,
        told.last_doubted_at,
        cast(coalesce(told.log_likelihood_ratio, 0) as decimal(18, 9))
            as log_likelihood_ratio,
        told.last_refuted_at is not null as is_refuted
    from touched
    left join told on touched.contact_point_key = told.contact_point_key
)

select * from final
