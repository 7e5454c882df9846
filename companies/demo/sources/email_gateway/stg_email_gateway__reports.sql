with source as (
    select * from {{ source('email_gateway', 'reports') }}
),

renamed as (
    select
        {{ delivery_columns(
            'email_gateway',
            clock=typed('email_gateway', 'reports', 'reported_at'),
        ) }},

        -- keys
        {{ typed('email_gateway', 'reports', 'report_id') }} as contact_point_record_id,
        {{ typed('email_gateway', 'reports', 'recipient_source') }}
            as party_source_name,
        {{ typed('email_gateway', 'reports', 'recipient_id') }} as party_record_id,

        -- attributes
        'email' as contact_type_code,
        {{ typed('email_gateway', 'reports', 'address') }} as contact_value,
        case {{ typed('email_gateway', 'reports', 'result') }}
            when 'opened' then 'answered'
            when 'confirmed' then 'verified'
            when 'reconfirmed' then 'renewed'
            when 'mailbox_full' then 'unreachable'
            when 'no_such_mailbox' then 'bounced'
        end as status_code,

        -- timestamps
        {{ typed('email_gateway', 'reports', 'reported_at') }} as status_at
    from source
)

select * from renamed
