{{ config(**made_whole_with_journal(['business_date'])) }}

{%- set entities = [
    'agent', 'campaign', 'campaign_touch', 'competitor_purchase', 'complaint',
    'consent', 'contact_point', 'deal_step', 'exchange_rate', 'experiment_assignment',
    'indicator', 'list', 'list_terms', 'outlet', 'party', 'product', 'promotion',
    'relationship', 'sale', 'service_contact', 'service_usage', 'supply',
    'survey_answer', 'target', 'web_event',
] -%}

with
{%- for entity in entities %}
delivered_{{ entity }} as (
    select * from {{ ref('input_' ~ entity) }}
),
{% endfor %}
deliveries as (
    {%- for entity in entities %}
    select
        min(delivered_on) as first_on,
        max(delivered_on) as latest_on
    from delivered_{{ entity }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    -- Today is the latest date that anything was delivered for, whatever the clock says.
    select
        min(first_on) as first_business_date,
        max(latest_on) as business_date
    from deliveries
)

select * from final
