with estimates as (
    select * from {{ ref('int_identity__estimates') }}
),

final as (
    select
        -- keys
        {{ surrogate_key([
            'load_id', 'left_source_name', 'right_source_name', 'basis',
        ]) }} as match_quality_key,
        cast(load_id as {{ dbt.type_string() }}) as load_key,
        left_source_name,
        right_source_name,

        -- attributes
        basis,
        precision_verdict,
        recall_verdict,

        -- flags
        is_latest,

        -- measures
        decided_pair_count,
        linked_pair_count,
        precision_pair_count,
        precision_estimate,
        precision_lower,
        precision_upper,
        precision_floor,
        recall_pair_count,
        recall_estimate,
        recall_lower,
        recall_upper,
        recall_floor,

        -- timestamps
        known_at
    from estimates
)

select * from final
