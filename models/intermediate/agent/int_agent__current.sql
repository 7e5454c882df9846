{%- set key = ['source_name', 'agent_record_id'] -%}
{%- set told = key + ['agent_key'] -%}
{{ config(**made_whole_with_journal(key, told)) }}

{%- set attributes = [
    'agent_code', 'agent_name', 'team_name', 'role_code', 'outlet_source_name',
    'outlet_record_id', 'started_on', 'ended_on',
] -%}

with delivered as (
    select * from {{ ref('input_agent') }}
),

{{ carried_states('delivered', 'agent_record_id', attributes) }},

final as (
    select
        {{ surrogate_key(['source_name', 'agent_record_id']) }} as agent_key,
        source_name,
        agent_record_id,
        {{ attributes | join(',\n        ') }},
        is_deleted,
        load_id
    from delivered_states
    where valid_to = timestamp '9999-12-31'
)

select * from final
