with contact_events as (
    select * from {{ ref('int_contact_point__events') }}
),

effects as (
    select * from {{ ref('contact_point_event') }}
),

loads as (
    select * from {{ source('ledger', 'load') }}
),

nights as (
    {{ nights_since(0) }}
),

night_ranges as (
    select
        *,
        lag(load_id, 1, 0) over (order by load_id nulls first) as previous_load_id
    from nights
),

told as (
    select
        contact_events.*,
        max(concat_ws('|', contact_events.happened_at, effects.effect)) over (
            partition by
                contact_events.source_name,
                contact_events.contact_point_key,
                contact_events.party_source_name,
                contact_events.source_record_id
            order by
                contact_events.load_id nulls first,
                contact_events.happened_at nulls first,
                contact_events.claim_event_key nulls first
            rows between unbounded preceding and current row
        ) like '%|proves' as is_right
    from contact_events
    inner join effects on contact_events.event_type = effects.event_type
    where effects.effect in ('proves', 'refutes')
),

changed as (
    -- What happened last counts, among all that was known so far.
    select
        *,
        lag(is_right) over (
            partition by
                source_name, contact_point_key, party_source_name, source_record_id
            order by
                load_id nulls first,
                happened_at nulls first,
                claim_event_key nulls first
        ) as was_right
    from told
),

changes as (
    select
        night_ranges.measured_on,
        changed.source_name,
        changed.contact_type_code,
        count_if(changed.was_right is null) as rows_checked,
        sum(cast(changed.is_right as integer))
        - sum(cast(coalesce(changed.was_right, false) as integer)) as rows_met
    from changed
    inner join night_ranges
        on
            changed.load_id > night_ranges.previous_load_id
            and changed.load_id <= night_ranges.load_id
    group by
        night_ranges.measured_on, changed.source_name, changed.contact_type_code
),

given as (
    select distinct
        source_name,
        contact_type_code
    from changes
),

summed as (
    select
        nights.measured_on,
        nights.load_id,
        given.source_name,
        given.contact_type_code as attribute_name,
        sum(coalesce(changes.rows_checked, 0)) over history as rows_checked,
        sum(coalesce(changes.rows_met, 0)) over history as rows_met
    from nights
    cross join given
    left join changes
        on
            nights.measured_on = changes.measured_on
            and given.source_name = changes.source_name
            and given.contact_type_code = changes.contact_type_code
    window
        history as (
            partition by given.source_name, given.contact_type_code
            order by nights.measured_on nulls first
            rows between unbounded preceding and current row
        )
),

final as (
    select
        measured_on,
        load_id,
        source_name,
        'contact_point' as entity_name,
        attribute_name,
        'verification' as measure_code,
        cast(rows_checked as bigint) as rows_checked,
        cast(rows_met as bigint) as rows_met
    from summed
    where rows_checked > 0
)

select * from final
