{%- set key = ['source_name', 'campaign_record_id'] -%}
{%- set told = key + [
    'campaign_key', 'purpose_code', 'starts_on', 'ends_on', 'response_days',
] -%}
{{ config(**made_whole_with_journal(key, told)) }}

{%- set attributes = [
    'campaign_name', 'campaign_type_code', 'purpose_code', 'channel_code',
    'starts_on', 'ends_on', 'budget_amount', 'currency_code', 'response_days',
] -%}

with delivered as (
    select * from {{ ref('input_campaign') }}
),

completed as (
    select
        source_name,
        campaign_record_id,
        load_id,
        valid_from,
        is_deleted,
        {%- for attribute in attributes %}
        {{ carry_forward(attribute, 'history') }} as {{ attribute }},
        {%- endfor %}
        lead(valid_from, 1, timestamp '9999-12-31') over (
            partition by source_name, campaign_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
        ) as valid_to
    from delivered
    window
        history as (
            partition by source_name, campaign_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and current row
        )
),

final as (
    select
        {{ surrogate_key(['source_name', 'campaign_record_id']) }} as campaign_key,
        source_name,
        campaign_record_id,
        {{ attributes | join(',\n        ') }},
        is_deleted,
        load_id
    from completed
    where valid_from < valid_to and valid_to = timestamp '9999-12-31'
)

select * from final
