with delivered as (
    select * from {{ ref('input_party') }}
),

deleted_records as (
    select
        source_name,
        source_record_id
    from delivered
    where is_deleted
    group by source_name, source_record_id
),

deliveries as (
    select delivered.*
    from delivered
    inner join deleted_records
        on
            delivered.source_name = deleted_records.source_name
            and delivered.source_record_id = deleted_records.source_record_id
),

loads as (
    select
        source_name,
        source_record_id,
        load_id,
        max(known_at) as known_at
    from deliveries
    group by source_name, source_record_id, load_id
),

known_states as (
    -- What was known after each load; the latest word on a moment counts.
    select
        loads.source_name,
        loads.source_record_id,
        loads.load_id,
        loads.known_at,
        deliveries.valid_from,
        deliveries.is_deleted,
        row_number() over (
            partition by
                loads.source_name, loads.source_record_id, loads.load_id,
                deliveries.valid_from
            order by
                deliveries.load_id desc nulls last, deliveries.load_row desc nulls last
        ) as recency
    from loads
    inner join deliveries
        on
            loads.source_name = deliveries.source_name
            and loads.source_record_id = deliveries.source_record_id
            and loads.load_id >= deliveries.load_id
),

last_presences as (
    select
        source_name,
        source_record_id,
        load_id,
        known_at,
        valid_from,
        is_deleted,
        max(case when not is_deleted then valid_from end) over (
            partition by source_name, source_record_id, load_id
        ) as last_present_at
    from known_states
    where recency = 1
),

by_load as (
    -- Of several deletions without a return between them, the first is the end.
    select
        source_name,
        source_record_id,
        load_id,
        known_at,
        coalesce(
            min(
                case
                    when
                        is_deleted
                        and valid_from > coalesce(
                            last_present_at, timestamp '1900-01-01'
                        )
                        then valid_from
                end
            ),
            timestamp '9999-12-31'
        ) as valid_to
    from last_presences
    group by source_name, source_record_id, load_id, known_at
),

compared as (
    select
        *,
        lag(valid_to, 1, timestamp '9999-12-31') over (
            partition by source_name, source_record_id order by load_id nulls first
        ) as previous_valid_to
    from by_load
),

final as (
    select
        source_name,
        source_record_id,
        load_id,
        known_at,
        valid_to
    from compared
    where valid_to <> previous_valid_to
)

select * from final
