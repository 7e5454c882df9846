with source as (
    select * from {{ source('staff', 'agents') }}
),

renamed as (
    select
        {{ delivery_columns('staff') }},

        -- keys
        {{ typed('staff', 'agents', 'agent') }} as agent_record_id,
        'shop_system' as outlet_source_name,
        {{ typed('staff', 'agents', 'territory') }} as outlet_record_id,

        -- attributes
        {{ typed('staff', 'agents', 'agent') }} as agent_code,
        {{ typed('staff', 'agents', 'name') }} as agent_name,
        {{ typed('staff', 'agents', 'team') }} as team_name,
        {{ typed('staff', 'agents', 'role') }} as role_code,

        -- dates
        {{ typed('staff', 'agents', 'started_on') }} as started_on,
        {{ typed('staff', 'agents', 'ended_on') }} as ended_on
    from source
)

select * from renamed
