with source as (
    select * from {{ source('service', 'tickets') }}
),

renamed as (
    select
        {{ delivery_columns(
            'service', clock=typed('service', 'tickets', 'changed_at')
        ) }},
        {{ left_out({'reason_code': 'reason'}) }} as left_out,
        {{ typed('service', 'tickets', 'ticket') }} as complaint_record_id,
        {{ typed('service', 'tickets', 'ticket') }} as complaint_number,
        'desk' as party_source_name,
        {{ typed('service', 'tickets', 'member') }} as party_record_id,
        'service' as agent_source_name,
        {{ typed('service', 'tickets', 'handler') }} as agent_record_id,
        {{ typed('service', 'tickets', 'reason') }} as reason_code,
        {{ typed('service', 'tickets', 'raised_at') }} as raised_at,
        {{ typed('service', 'tickets', 'answered_at') }} as answered_at,
        {{ typed('service', 'tickets', 'closed_at') }} as closed_at
    from source
)

select * from renamed
