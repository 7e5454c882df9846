with statements as (
    select * from {{ ref('int_consent__history') }}
),

final as (
    select
        -- keys
        {{ surrogate_key(['consent_key', 'known_from']) }} as consent_history_key,
        consent_key as consent_id,
        party_source_name,
        party_record_id,

        -- attributes
        purpose_code,
        channel_code,
        notice_code,

        -- flags
        is_granted,

        -- timestamps
        consented_at,
        expires_at,
        known_from,
        known_to
    from statements
)

select * from final
