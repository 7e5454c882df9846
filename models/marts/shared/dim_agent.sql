with agents as (
    select * from {{ ref('int_agent__current') }}
),

outlets as (
    select * from {{ ref('int_outlet__current') }}
),

members as (
    select
        agents.agent_key,
        agents.source_name,
        agents.agent_record_id,
        outlets.outlet_key,
        agents.agent_code,
        agents.agent_name,
        agents.team_name,
        agents.role_code,
        agents.is_deleted,
        agents.started_on,
        agents.ended_on
    from agents
    left join outlets
        on
            agents.outlet_source_name = outlets.source_name
            and agents.outlet_record_id = outlets.outlet_record_id
    union all
    select
        '_unknown' as agent_key,
        '_unknown' as source_name,
        '_unknown' as agent_record_id,
        '_unknown' as outlet_key,
        '_unknown' as agent_code,
        'Unknown' as agent_name,
        '_unknown' as team_name,
        '_unknown' as role_code,
        false as is_deleted,
        null as started_on,
        null as ended_on
),

final as (
    select
        -- keys
        agent_key,
        agent_key as agent_id,
        source_name as source_key,
        agent_record_id,
        coalesce(outlet_key, '_unknown') as outlet_key,
        {{ date_key('started_on') }} as started_date_key,
        {{ date_key('ended_on') }} as ended_date_key,

        -- attributes
        agent_code,
        agent_name,
        team_name,
        role_code,

        -- flags
        is_deleted,

        -- dates
        started_on,
        ended_on
    from members
)

select * from final
