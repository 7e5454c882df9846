{%- set key = ['history_key'] -%}
{%- set reads = [
    {'keys_of': 'int_contact_point__tried', 'via': histories_of_changed_reports()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with tried as (
    select * from {{ ref('int_contact_point__tried') }}
),

points as (
    select * from {{ ref('int_contact_point__points') }}
),

effects as (
    select * from {{ ref('contact_point_event') }}
),

touched as (
    {{ rows_of_touched_keys('tried', key) }}
),

weighed as (
    select
        touched.*,
        effects.effect,
        effects.confidence as proven_confidence,
        case
            when effects.likelihood_ratio is not null
                then cast(ln(effects.likelihood_ratio) as decimal(18, 9))
        end as log_likelihood_ratio,
        case when points.is_valid then 'claimed' else 'invalid' end as status_at_claim
    from touched
    left join points on touched.contact_point_key = points.contact_point_key
    left join effects on touched.event_type = effects.event_type
),

followed as (
    select
        *,
        {{ last_known(
            "case when effect in ('proves', 'refutes') then event_type end", 'history'
        ) }} as status_told,
        row_number() over (
            partition by history_key
            order by
                happened_at asc nulls first,
                effect asc nulls first,
                event_type asc nulls first,
                contact_point_event_key asc nulls first
        ) as event_rank
    from weighed
    window
        history as (
            partition by history_key
            order by
                happened_at asc nulls first,
                effect asc nulls first,
                event_type asc nulls first,
                contact_point_event_key asc nulls first
            rows between unbounded preceding and current row
        )
),

final as (
    select
        contact_point_event_key,
        history_key,
        report_key,
        contact_point_key,
        customer_id,
        told_by,
        source_name,
        party_source_name,
        party_record_id,
        event_type,
        effect,
        proven_confidence,
        log_likelihood_ratio,
        event_rank,
        case
            when contact_point_key = '_unknown' then '_unknown'
            else coalesce(
                lag(status_told) over (
                    partition by history_key order by event_rank nulls first
                ),
                status_at_claim
            )
        end as status_before_code,
        case
            when contact_point_key = '_unknown' then '_unknown'
            else coalesce(status_told, status_at_claim)
        end as status_after_code,
        load_id,
        happened_at
    from followed
)

select * from final
