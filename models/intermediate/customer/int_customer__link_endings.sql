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
    select
        delivered.source_name,
        delivered.source_record_id,
        delivered.load_id,
        delivered.load_row,
        delivered.known_at,
        delivered.valid_from,
        delivered.is_deleted,
        max(delivered.valid_from) over (
            partition by delivered.source_name, delivered.source_record_id
            order by delivered.load_id nulls first, delivered.load_row nulls first
            rows between unbounded preceding and current row
        ) as latest_valid_from
    from delivered
    inner join deleted_records
        on
            delivered.source_name = deleted_records.source_name
            and delivered.source_record_id = deleted_records.source_record_id
),

by_load as (
    -- What became known late about the time before changes nothing about the end.
    select
        source_name,
        source_record_id,
        load_id,
        max(known_at) as known_at,
        max_by(
            case when is_deleted then valid_from else timestamp '9999-12-31' end,
            load_row
        ) as valid_to
    from deliveries
    where valid_from = latest_valid_from
    group by source_name, source_record_id, load_id
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
