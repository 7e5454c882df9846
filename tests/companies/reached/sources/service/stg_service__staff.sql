with source as (
    select * from {{ source('service', 'staff') }}
),

renamed as (
    select
        {{ delivery_columns('service') }},
        {{ typed('service', 'staff', 'agent') }} as agent_record_id,
        {{ typed('service', 'staff', 'agent') }} as agent_code,
        {{ typed('service', 'staff', 'team') }} as team_name
    from source
)

select * from renamed
