{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='measured_on',
) }}
{%- set mapped = mapped_columns().get('party', {}) -%}
{%- set groups = mapped_groups(mapped) -%}

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

limits as (
    -- What was said before these days is older than its half-life.
    select
        nights.*
        {%- for group in groups %},
        cast(
            {{ dbt.dateadd('day', '-half_lives.' ~ group ~ '_days', 'nights.measured_on') }}
            as date
        ) as {{ group }}_since
        {%- endfor %}
    from nights
    cross join half_lives
),

standing as (
    select
        state_history.*,
        limits.measured_on,
        limits.load_id as night_load_id,
        {%- for group in groups %}
        limits.{{ group }}_since,
        {%- endfor %}
        delivered.left_out,
        {{ day_stated('delivered', 'state_history') }} as stated_on
    from limits
    inner join state_history
        on
            limits.known_at >= state_history.known_from
            and limits.known_at < state_history.known_to
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

{{ when_last_stated('delivered', 'standing', groups) }},

answered as (
    select
        standing.measured_on,
        standing.night_load_id as load_id,
        standing.source_name,
        concat_ws(
            ',',
            {%- for group, names in groups.items() %}
            {%- for name in names %}
            {{ answer_of({
                'attribute': name,
                'measure': 'freshness',
                'sources': sources_of(mapped, name),
                'checked': name ~ ' is not null',
                'well': name ~ ' is not null and coalesce(' ~ name ~ '_on, stated_on)'
                    ~ ' >= ' ~ group ~ '_since',
            }) }},
            {%- endfor %}
            {%- endfor %}
            null
        ) as answers
    from standing
    left join last_stated
        on
            standing.night_load_id = last_stated.night_load_id
            and standing.source_name = last_stated.told_by
            and standing.source_record_id = last_stated.source_record_id
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
