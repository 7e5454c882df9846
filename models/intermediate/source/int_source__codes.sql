{{ config(materialized='incremental', incremental_strategy='append') }}
{%- set entities = [
    'agent', 'campaign', 'campaign_touch', 'competitor_purchase', 'complaint',
    'consent', 'contact_point', 'deal_step', 'list_terms', 'party', 'promotion',
    'relationship', 'sale', 'service_contact', 'service_usage', 'target', 'web_event',
] -%}
{%- set coded, since = coded_columns(), last_load_id() -%}

with
{%- for entity in entities %}
delivered_{{ entity }} as (
    select * from {{ ref('input_' ~ entity) }}
),
{% endfor %}
stated as (
    select
        cast(null as {{ dbt.type_bigint() }}) as load_id,
        {%- for name in [
            'source_name', 'entity_name', 'column_name', 'dictionary_name', 'code',
        ] %}
        cast(null as {{ dbt.type_string() }}) as {{ name }}
        {{- "," if not loop.last }}
        {%- endfor %}
    {%- for entity in entities %}
    {%- for column, dictionary in coded.get(entity, {}).items() %}
    union all
    select
        load_id,
        source_name,
        '{{ entity }}' as entity_name,
        '{{ column }}' as column_name,
        '{{ dictionary }}' as dictionary_name,
        {{ each_code(column) }} as code
    from delivered_{{ entity }}
    where
        load_id > {{ since }}
        and {{ column }} is not null
        and not coalesce(is_deleted, false)
    {%- endfor %}
    {%- endfor %}
),

final as (
    select
        load_id,
        source_name,
        entity_name,
        column_name,
        dictionary_name,
        code,
        count(*) as row_count
    from stated
    where code is not null and code <> ''
    group by
        load_id, source_name, entity_name, column_name, dictionary_name, code
)

select * from final
