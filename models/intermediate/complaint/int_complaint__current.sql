{%- set attributes = [
    'complaint_number', 'party_source_name', 'party_record_id', 'product_source_name',
    'product_record_id', 'agent_source_name', 'agent_record_id', 'agent_code',
    'channel_code', 'reason_code', 'outcome_code', 'raised_at', 'assigned_at',
    'answered_at', 'closed_at',
] -%}

{%- set key = ['source_name', 'complaint_record_id'] -%}
{%- set reads = reads_of_event('input_complaint', 'complaint_record_id') -%}
{{ config(**built_by_keys(key, reads, tells=['customer_id'])) }}

with delivered as (
    select * from {{ ref('input_complaint') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

touched as (
    {{ rows_of_touched_keys('delivered', key) }}
),

{{ carried_states('touched', 'complaint_record_id', attributes) }},

-- A state that comes late may fill in what later ones left out: so the fact asks for the
-- last load that said anything, and the first moment of which anything was said.
told as (
    select
        source_name,
        complaint_record_id,
        max(load_id) as load_id,
        min(valid_from) as first_told_at
    from touched
    group by source_name, complaint_record_id
),

final as (
    select
        {{ surrogate_key(['states.source_name', 'states.complaint_record_id']) }}
            as complaint_key,
        states.source_name,
        states.complaint_record_id,
        told.load_id,
        coalesce(links.customer_id, '_unknown') as customer_id,
        {%- for attribute in attributes if attribute != 'raised_at' %}
        states.{{ attribute }},
        {%- endfor %}
        coalesce(states.raised_at, told.first_told_at) as raised_at,
        case
            when states.closed_at is not null then 'closed'
            when states.answered_at is not null then 'answered'
            when states.assigned_at is not null then 'assigned'
            else 'raised'
        end as stage_code
    from touched_states as states
    inner join told
        on
            states.source_name = told.source_name
            and states.complaint_record_id = told.complaint_record_id
    left join links
        on
            states.party_source_name = links.source_name
            and states.party_record_id = links.source_record_id
    where states.valid_to = timestamp '9999-12-31' and not states.is_deleted
)

select * from final
