with source as (
    select * from {{ source('consent', 'events') }}
),

renamed as (
    select
        {{ delivery_columns('consent') }},

        -- keys
        {{ typed('consent', 'events', 'event_id') }} as consent_record_id,
        {{ typed('consent', 'events', 'subject_source') }} as party_source_name,
        {{ typed('consent', 'events', 'subject_id') }} as party_record_id,

        -- attributes
        {{ typed('consent', 'events', 'purpose') }} as purpose_code,
        {{ typed('consent', 'events', 'channel') }} as channel_code,
        {{ typed('consent', 'events', 'notice') }} as notice_code,
        {{ typed('consent', 'events', 'evidence') }} as evidence,

        -- flags
        {{ typed('consent', 'events', 'action') }} as is_granted,

        -- timestamps
        {{ typed('consent', 'events', 'said_at') }} as consented_at,
        {{ typed('consent', 'events', 'expires_at') }} as expires_at
    from source
)

select * from renamed
