{{ config(**made_whole_with_journal(['source_name', 'source_record_id'])) }}

with state_history as (
    select * from {{ ref('int_party__state_history') }}
),

deleted_records as (
    select
        source_name,
        source_record_id
    from state_history
    where is_deleted
    group by source_name, source_record_id
),

states as (
    select state_history.*
    from state_history
    inner join deleted_records
        on
            state_history.source_name = deleted_records.source_name
            and state_history.source_record_id = deleted_records.source_record_id
),

epochs as (
    select
        source_name,
        source_record_id,
        known_from as known_at
    from states
    group by source_name, source_record_id, known_from
),

known_states as (
    select
        epochs.source_name,
        epochs.source_record_id,
        epochs.known_at,
        states.valid_from,
        states.is_deleted,
        max(case when not states.is_deleted then states.valid_from end) over (
            partition by epochs.source_name, epochs.source_record_id, epochs.known_at
        ) as last_present_at
    from epochs
    inner join states
        on
            epochs.source_name = states.source_name
            and epochs.source_record_id = states.source_record_id
            and epochs.known_at >= states.known_from
            and epochs.known_at < states.known_to
),

endings as (
    -- Of several deletions without a return between them, the first is the end.
    select
        source_name,
        source_record_id,
        known_at,
        coalesce(
            min(valid_from) filter (
                where
                is_deleted
                and valid_from > coalesce(last_present_at, timestamp '1900-01-01')
            ),
            timestamp '9999-12-31'
        ) as valid_to
    from known_states
    group by source_name, source_record_id, known_at
),

compared as (
    select
        *,
        lag(valid_to, 1, timestamp '9999-12-31') over (
            partition by source_name, source_record_id order by known_at nulls first
        ) as previous_valid_to
    from endings
),

final as (
    select
        source_name,
        source_record_id,
        known_at,
        valid_to
    from compared
    where valid_to <> previous_valid_to
)

select * from final
