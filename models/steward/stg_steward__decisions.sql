with source as (
    select * from {{ source('steward', 'decisions') }}
),

renamed as (
    select
        {{ delivery_columns(
            'steward', clock=typed('steward', 'decisions', 'decided_at')
        ) }},

        -- keys
        {{ typed('steward', 'decisions', 'decision_id') }} as decision_record_id,
        {{ typed('steward', 'decisions', 'left_source') }} as left_source_name,
        {{ typed('steward', 'decisions', 'left_record') }} as left_record_id,
        {{ typed('steward', 'decisions', 'right_source') }} as right_source_name,
        {{ typed('steward', 'decisions', 'right_record') }} as right_record_id,

        -- attributes
        {{ typed('steward', 'decisions', 'verdict') }} as verdict,
        {{ typed('steward', 'decisions', 'decided_by') }} as decided_by,
        {{ typed('steward', 'decisions', 'reason') }} as reason,

        -- timestamps
        {{ typed('steward', 'decisions', 'decided_at') }} as decided_at
    from source
)

select * from renamed
