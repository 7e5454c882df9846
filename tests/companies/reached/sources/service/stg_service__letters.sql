with source as (
    select * from {{ source('service', 'letters') }}
),

renamed as (
    select
        {{ delivery_columns('service') }},
        {{ typed('service', 'letters', 'letter') }} as deal_step_record_id,
        {{ typed('service', 'letters', 'deal') }} as deal_number,
        'desk' as party_source_name,
        {{ typed('service', 'letters', 'member') }} as party_record_id,
        {{ typed('service', 'letters', 'step') }} as step_code,
        {{ typed('service', 'letters', 'written_at') }} as stepped_at
    from source
)

select * from renamed
