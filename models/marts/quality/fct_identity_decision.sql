with decisions as (
    select * from {{ ref('int_identity__decisions') }}
),

final as (
    select
        -- keys
        {{ surrogate_key([
            'source_name', 'decision_record_id', 'load_id', 'load_row',
        ]) }} as identity_decision_key,
        one_source_name as left_source_name,
        one_record_id as left_source_record_id,
        other_source_name as right_source_name,
        other_record_id as right_source_record_id,
        cast(load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        verdict,
        decided_by,
        reason,

        -- flags
        is_in_force,

        -- timestamps
        decided_at,
        known_at
    from decisions
)

select * from final
