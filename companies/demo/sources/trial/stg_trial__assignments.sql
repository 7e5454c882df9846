with source as (
    select * from {{ source('trial', 'assignments') }}
),

renamed as (
    select
        {{ delivery_columns('trial') }},

        -- keys
        {{ typed('trial', 'assignments', 'assignment_id') }}
            as experiment_assignment_record_id,
        {{ typed('trial', 'assignments', 'subject_source') }} as party_source_name,
        {{ typed('trial', 'assignments', 'subject_id') }} as party_record_id,
        'campaign' as campaign_source_name,
        {{ typed('trial', 'assignments', 'campaign_code') }} as campaign_record_id,

        -- attributes
        {{ typed('trial', 'assignments', 'trial') }} as experiment_code,
        {{ typed('trial', 'assignments', 'variant') }} as variant_code,

        -- flags
        {{ typed('trial', 'assignments', 'is_control') }} as is_control,

        -- measures
        {{ typed('trial', 'assignments', 'planned_pct') }} as planned_share_pct,

        -- timestamps
        {{ typed('trial', 'assignments', 'assigned_at') }} as assigned_at,
        {{ typed('trial', 'assignments', 'ends_at') }} as ends_at
    from source
)

select * from renamed
