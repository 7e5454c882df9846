with decisions as (
    select * from {{ ref('input_identity_decision') }}
),

paired as (
    select
        {{ record_pair() }},
        source_name,
        decision_record_id,
        verdict,
        decided_by,
        reason,
        decided_at,
        known_at,
        load_id,
        load_row
    from decisions
    where not is_deleted
),

ranked as (
    select
        *,
        row_number() over (
            partition by
                one_source_name, one_record_id, other_source_name, other_record_id
            order by
                decided_at desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last,
                source_name asc nulls last
        ) as recency
    from paired
),

final as (
    select
        -- keys
        source_name,
        decision_record_id,
        one_source_name,
        one_record_id,
        other_source_name,
        other_record_id,
        load_id,
        load_row,

        -- attributes
        verdict,
        decided_by,
        reason,

        -- flags
        recency = 1 as is_latest,
        recency = 1 and verdict <> 'withdrawn' as is_in_force,

        -- timestamps
        decided_at,
        known_at
    from ranked
)

select * from final
