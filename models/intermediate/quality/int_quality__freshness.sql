{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='measured_on',
) }}
{%- set groups = party_attributes() -%}
{%- set mapped = mapped_columns().get('party', {}) -%}

with loads as (
    select * from {{ source('ledger', 'load') }}
),

state_history as (
    select * from {{ ref('int_party__state_history') }}
),

delivered as (
    select * from {{ ref('input_party') }}
),

policies as (
    select * from {{ ref('reliability_policy') }}
),

half_lives as (
    {{ half_lives_of_groups('policies') }}
),

nights as (
    {{ nights_since(last_load_id()) }}
),

standing as (
    select
        state_history.*,
        nights.measured_on,
        nights.load_id as night_load_id,
        {{ dbt.datediff(
            'cast(coalesce(delivered.collected_at, state_history.valid_from) as date)',
            'nights.measured_on',
            'day',
        ) }} as age_days
    from nights
    inner join state_history
        on
            nights.known_at >= state_history.known_from
            and nights.known_at < state_history.known_to
    inner join delivered
        on
            state_history.source_name = delivered.source_name
            and state_history.source_record_id = delivered.source_record_id
            and state_history.load_id = delivered.load_id
            and state_history.load_row = delivered.load_row
    where
        state_history.valid_to = timestamp '9999-12-31'
        and not state_history.is_deleted
),

answered as (
    select
        standing.measured_on,
        standing.night_load_id as load_id,
        standing.source_name,
        concat_ws(
            ',',
            {%- for group, content in groups.items() %}
            {%- for name in content.columns if sources_of(mapped, name) %}
            {{ answer_of({
                'attribute': name,
                'measure': 'freshness',
                'sources': sources_of(mapped, name),
                'checked': name ~ ' is not null',
                'well': name ~ ' is not null and age_days <= ' ~ group ~ '_days',
            }) }},
            {%- endfor %}
            {%- endfor %}
            null
        ) as answers
    from standing
    cross join half_lives
    group by standing.measured_on, standing.night_load_id, standing.source_name
),

measured as (
    {{ answers_as_rows('answered', ['measured_on', 'load_id', 'source_name']) }}
),

final as (
    select
        *,
        'party' as entity_name
    from measured
    where rows_checked > 0
)

select * from final
